using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Stored rows of super-blocks times one activation row, with AVX2: each row in sequence, as <see cref="RowProduct{G}"/> does it. Eight super-blocks leave their
/// integer lanes in memory; then they are folded together, a lane per super-block, which spares seven of eight conversions.
/// </summary>
/// <typeparam name="D">What multiplies one super-block.</typeparam>
internal static unsafe class SuperRowProduct<F, D> where F : ISuperBlock where D : ISuperDot
{
    private const int Group = BlockSums.Count;

    /// <param name="row">First of <paramref name="rows"/> stored rows, <paramref name="stride"/> bytes apart.</param>
    /// <param name="y">A result per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* row, long stride, int rows, in SuperRow x, int blocks, float* y)
    {
        int* dots = stackalloc int[Group * Vector256<int>.Count];
        int* minima = stackalloc int[Group * Vector128<int>.Count];
        int* pairs = stackalloc int[Group];
        for (; rows > 0; rows--, row += stride, y++)
        {
            var total = Vector256<float>.Zero;
            var greatest = Vector256<short>.Zero;
            byte* p = row;
            sbyte* a = x.Values;
            short* sums16 = x.Sums16;
            short* sums32 = x.Sums32;
            for (int b = 0; b < blocks; b += Group)
            {
                int count = Math.Min(Group, blocks - b);
                for (int i = 0; i < count; i++)
                {
                    D.Products(p, a, sums16).Store(dots + i * Vector256<int>.Count);
                    if (F.HasMinima)
                        Minima(p, sums32).Store(minima + i * Vector128<int>.Count);
                    pairs[i] = F.ScalePair(p);
                    p += F.BlockBytes;
                    a += SuperBlock.Elements;
                    sums16 += SuperBlock.Sums;
                    sums32 += SuperBlock.Sums / 2;
                }
                for (int i = count; i < Group; i++)
                {
                    Vector256<int>.Zero.Store(dots + i * Vector256<int>.Count);
                    Vector128<int>.Zero.Store(minima + i * Vector128<int>.Count);
                    pairs[i] = 0;
                }
                var pair = Vector256.Load(pairs);
                greatest = Avx2.Max(greatest, pair.AsInt16() & Vector256.Create(short.MaxValue));
                var scales = Vector256.Load(x.Scales + b);
                total = Fma.MultiplyAdd(FoldOctets(dots), Halves.LowerToSingle(pair) * scales, total);
                if (F.HasMinima)
                    total = Fma.MultiplyAddNegated(FoldQuartets(minima), Halves.UpperToSingle(pair) * scales, total);
            }
            // A scale that is infinite or no number must show in the result.
            if (Vector256.GreaterThanOrEqualAny(greatest, Vector256.Create(Halves.Infinity)))
                total = Vector256.Create(float.NaN);
            *y = Lanes256.Sum(total);
        }
    }

    /// <summary>Lanes that add up to Σ minimum · sum of activations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Minima(byte* block, short* sums32) => Sse2.MultiplyAddAdjacent(
        Sse41.ConvertToVector128Int16(Vector128.CreateScalarUnsafe(F.Minima(block)).AsByte()), Vector128.Load(sums32));

    /// <summary>The sums of eight runs of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FoldOctets(int* runs)
    {
        var low = Avx2.HorizontalAdd(
            Avx2.HorizontalAdd(Vector256.Load(runs), Vector256.Load(runs + 8)), Avx2.HorizontalAdd(Vector256.Load(runs + 16), Vector256.Load(runs + 24)));
        var high = Avx2.HorizontalAdd(
            Avx2.HorizontalAdd(Vector256.Load(runs + 32), Vector256.Load(runs + 40)), Avx2.HorizontalAdd(Vector256.Load(runs + 48), Vector256.Load(runs + 56)));
        return Avx.ConvertToVector256Single(Avx2.Permute2x128(low, high, 0x20) + Avx2.Permute2x128(low, high, 0x31));
    }

    /// <summary>The sums of eight runs of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FoldQuartets(int* runs)
    {
        var folded = Avx2.HorizontalAdd(
            Avx2.HorizontalAdd(Vector256.Load(runs), Vector256.Load(runs + 8)), Avx2.HorizontalAdd(Vector256.Load(runs + 16), Vector256.Load(runs + 24)));
        return Avx.ConvertToVector256Single(Avx2.PermuteVar8x32(folded, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7))); // lanes were 0 2 4 6 | 1 3 5 7
    }
}
