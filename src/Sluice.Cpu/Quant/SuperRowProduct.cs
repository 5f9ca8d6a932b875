using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Stored rows of super-blocks times one activation row, with AVX2: each row in sequence. Four pairs of super-blocks
/// leave their integers in memory; then all eight are folded together, a lane each, in the order 0 2 4 6 1 3 5 7.
/// </summary>
/// <remarks>
/// The same with 512 bits was slower: 17 cycles for the quants of a Q4_K super-block against 13 (Zen 4), for scales take a permutation
/// across the register.
/// </remarks>
internal static unsafe class SuperRowProduct<F> where F : ISuperRow
{
    private const int Group = BlockSums.Count;

    /// <summary>
    /// Bytes from what is multiplied to what is fetched: a page, as the hardware's own prefetching ends where one does, and a mapped
    /// file's are small (Q4_K, 1B, two threads of Zen 4: 41.2 tokens/s against 40.1).
    /// </summary>
    private const int Ahead = 4096;

    /// <param name="row">First of <paramref name="rows"/> stored rows, <paramref name="stride"/> bytes apart.</param>
    /// <param name="y">A result per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Multiply(byte* row, long stride, int rows, in SuperRow x, int blocks, float* y)
    {
        byte* rest = stackalloc byte[Group * F.BlockBytes];
        int* dots = stackalloc int[Group / 2 * Vector256<int>.Count];
        int* minima = stackalloc int[Group / 2 * Vector256<int>.Count];
        int* pairs = stackalloc int[Group / 2 * Vector256<int>.Count];
        int whole = blocks / Group * Group;
        for (; rows > 0; rows--, row += stride, y++)
        {
            if (whole < blocks)
                CopyRest(row + (long)whole * F.BlockBytes, blocks - whole, rest);
            var total = Vector256<float>.Zero;
            var greatest = Vector256<short>.Zero;
            sbyte* a = x.Values;
            short* sums16 = x.Sums16;
            short* sums32 = x.Sums32;
            for (int b = 0; b < blocks; b += Group)
            {
                byte* p = b < whole ? row + (long)b * F.BlockBytes : rest;
                for (int i = 0; i < Group / 2 * Vector256<int>.Count; i += Vector256<int>.Count)
                {
                    for (int line = 0; line < 2 * F.BlockBytes; line += 64)
                        Sse.Prefetch0(p + Ahead + line);
                    var headers = F.Headers(p, p + F.BlockBytes);
                    var first = Products(p, a, headers.First, sums16);
                    var second = Products(p + F.BlockBytes, a + SuperBlock.Elements, headers.Second, sums16 + SuperBlock.Sums);
                    (Avx2.Permute2x128(first, second, 0x20) + Avx2.Permute2x128(first, second, 0x31)).Store(dots + i);
                    if (F.HasMinima)
                        Avx2.MultiplyAddAdjacent(headers.Minima, Vector256.Load(sums32)).Store(minima + i);
                    headers.Pairs.Store(pairs + i);
                    p += 2 * F.BlockBytes;
                    a += 2 * SuperBlock.Elements;
                    sums16 += 2 * SuperBlock.Sums;
                    sums32 += SuperBlock.Sums;
                }
                var pair = Avx2.UnpackLow(
                    Avx2.UnpackLow(Vector256.Load(pairs), Vector256.Load(pairs + 8)).AsInt64(),
                    Avx2.UnpackLow(Vector256.Load(pairs + 16), Vector256.Load(pairs + 24)).AsInt64()).AsInt32();
                greatest = Avx2.Max(greatest, pair.AsInt16() & Vector256.Create(short.MaxValue));
                var scales = Avx2.PermuteVar8x32(Vector256.Load(x.Scales + b), Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7));
                total = Fma.MultiplyAdd(Fold(dots), Halves.LowerToSingle(pair) * scales, total);
                if (F.HasMinima)
                    total = Fma.MultiplyAddNegated(Fold(minima), Halves.UpperToSingle(pair) * scales, total);
            }
            // A scale that is infinite or no number must show in the result.
            if (Vector256.GreaterThanOrEqualAny(greatest, Vector256.Create(Halves.Infinity)))
                total = Vector256.Create(float.NaN);
            *y = Lanes256.Sum(Avx2.PermuteVar8x32(total, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)));
        }
    }

    /// <summary>The last one to seven super-blocks, gone on with zeros as the activations are.</summary>
    private static void CopyRest(byte* blocks, int count, byte* rest)
    {
        Unsafe.CopyBlockUnaligned(rest, blocks, (uint)(count * F.BlockBytes));
        Unsafe.InitBlockUnaligned(rest + count * F.BlockBytes, 0, (uint)((Group - count) * F.BlockBytes));
    }

    /// <summary>
    /// Lanes that add up to Σ scale of sub-block · its exact dot. Quants are at most 63 and activations at most 127, so a pair of products,
    /// 16002, fits 16 bits; multiplying by the scale widens it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products(byte* block, sbyte* values, Vector256<short> scales, short* sums16)
    {
        var even = Run(block, values, scales, 0) + Run(block, values, scales, 2) + (Run(block, values, scales, 4) + Run(block, values, scales, 6));
        var odd = Run(block, values, scales, 1) + Run(block, values, scales, 3) + (Run(block, values, scales, 5) + Run(block, values, scales, 7));
        var products = even + odd;
        if (F.Zero != 0)
            products -= Avx2.MultiplyAddAdjacent(scales, Vector256.Load(sums16)) * F.Zero;
        return products;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Run(byte* block, sbyte* values, Vector256<short> scales, int run)
    {
        var scale = Avx2.Shuffle(scales.AsByte(), Vector256.Create((ushort)((2 * run + 1) << 8 | 2 * run)).AsByte()).AsInt16();
        return Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(F.Quants(block, run), Vector256.Load(values + 32 * run)), scale);
    }

    /// <summary>The sums of eight runs of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fold(int* runs) => Avx.ConvertToVector256Single(Avx2.HorizontalAdd(
        Avx2.HorizontalAdd(Vector256.Load(runs), Vector256.Load(runs + 8)), Avx2.HorizontalAdd(Vector256.Load(runs + 16), Vector256.Load(runs + 24))));
}
