using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Stored rows times one activation row, with AVX2: each row in sequence, eight blocks at a time, a lane per block. One stream, so the
/// hardware prefetches it and no instruction has to.
/// </summary>
internal static unsafe class RowProduct<G> where G : IRowProduct
{
    private const int RowsAtOnce = 16;

    /// <param name="row">First of <paramref name="rows"/> stored rows, <paramref name="stride"/> bytes apart.</param>
    /// <param name="end">Where readable memory ends.</param>
    /// <param name="y">A result per row.</param>
    public static void Multiply(byte* row, long stride, int rows, byte* end, in QuantizedRow x, int blocks, float* y)
    {
        float* sums = stackalloc float[RowsAtOnce * BlockSums.Count];
        int groups = blocks / BlockSums.Count;
        int rest = blocks % BlockSums.Count;
        for (; rows > 0; rows -= RowsAtOnce, row += RowsAtOnce * stride, y += RowsAtOnce)
        {
            int count = Math.Min(rows, RowsAtOnce);
            SumGroups(row, stride, count, x.Values, x.Scales, x.Sums, groups, sums);
            for (int i = 0; i < count; i++)
            {
                float* rowSums = sums + i * BlockSums.Count;
                if (rest > 0)
                    AddRest(rowSums, row + i * stride + (long)groups * BlockSums.Count * G.BlockBytes, end, x, groups * BlockSums.Count, rest);
                y[i] = Lanes256.Sum(Vector256.Load(rowSums));
            }
        }
    }

    /// <summary>
    /// The <see cref="BlockSums"/> of each row over its whole groups of blocks. A leaf: no call may take registers from its loop.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumGroups(byte* row, long stride, int rows, sbyte* values, float* scales, int* sums, int groups, float* rowSums)
    {
        for (; rows > 0; rows--, row += stride, rowSums += BlockSums.Count)
        {
            var total = Vector256<float>.Zero;
            var greatest = Vector128<short>.Zero;
            byte* p = row;
            sbyte* a = values;
            for (int b = 0; b < groups * BlockSums.Count; b += BlockSums.Count)
            {
                var stored = Scales(p);
                greatest = Sse2.Max(greatest, stored & Vector128.Create(short.MaxValue));
                var dots = Avx.ConvertToVector256Single(G.Dots(p, a, sums + b));
                total = Fma.MultiplyAdd(dots, Halves.ToSingle(stored) * Vector256.Load(scales + b), total);
                p += BlockSums.Count * G.BlockBytes;
                a += BlockSums.Count * QuantizedBlock.Elements;
            }
            // A scale that is infinite or no number must show in the result; looking once per row costs a third of converting it so.
            if (Vector128.GreaterThanOrEqualAny(greatest, Vector128.Create(Halves.Infinity)))
                total = Vector256.Create(float.NaN);
            total.Store(rowSums);
        }
    }

    /// <summary>
    /// The last one to seven blocks. The activations go on with zeros; what follows the row is read where it can be, and its scales are
    /// masked.
    /// </summary>
    private static void AddRest(float* rowSums, byte* p, byte* end, in QuantizedRow x, int first, int count)
    {
        byte* copy = stackalloc byte[BlockSums.Count * G.BlockBytes];
        if (end - p < BlockSums.Count * G.BlockBytes)
        {
            new Span<byte>(copy, BlockSums.Count * G.BlockBytes).Clear();
            Unsafe.CopyBlockUnaligned(copy, p, (uint)(count * G.BlockBytes));
            p = copy;
        }
        var present = Vector128.LessThan(Vector128<short>.Indices, Vector128.Create((short)count));
        var dots = Avx.ConvertToVector256Single(G.Dots(p, x.Values + first * QuantizedBlock.Elements, x.Sums + first));
        var scales = Halves.ScalesToSingle(Scales(p) & present) * Vector256.Load(x.Scales + first);
        Fma.MultiplyAdd(dots, scales, Vector256.Load(rowSums)).Store(rowSums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Scales(byte* p) => Vector128.Create(
        *(short*)p, *(short*)(p + G.BlockBytes), *(short*)(p + 2 * G.BlockBytes), *(short*)(p + 3 * G.BlockBytes),
        *(short*)(p + 4 * G.BlockBytes), *(short*)(p + 5 * G.BlockBytes), *(short*)(p + 6 * G.BlockBytes), *(short*)(p + 7 * G.BlockBytes));
}
