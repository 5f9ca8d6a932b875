using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

/// <summary>How a format hands a super-block to <see cref="SuperDot256{F}"/>.</summary>
internal unsafe interface ISuperRow256 : ISuperBlock
{
    /// <summary>The unsigned quants of elements 32 · <paramref name="run"/> and on.</summary>
    static abstract Vector256<byte> Quants256(byte* block, int run);

    /// <summary>For each run of 32: the scale of its first half in the lower 128 bits, that of its second half in the upper ones.</summary>
    static abstract Vector256<short> ScalesByRun(byte* block);
}

/// <summary>
/// A register holds 32 quants. They are at most 63 and activations at most 127, so a pair of products, 16002, fits 16 bits; multiplying by the scale
/// widens it.
/// </summary>
internal readonly unsafe struct SuperDot256<F> : ISuperDot where F : ISuperRow256
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Products(byte* block, sbyte* values, short* sums16)
    {
        var scales = F.ScalesByRun(block);
        var even = Run(block, values, scales, 0) + Run(block, values, scales, 2) + (Run(block, values, scales, 4) + Run(block, values, scales, 6));
        var odd = Run(block, values, scales, 1) + Run(block, values, scales, 3) + (Run(block, values, scales, 5) + Run(block, values, scales, 7));
        var products = even + odd;
        if (F.Zero != 0)
            products -= Avx2.MultiplyAddAdjacent(scales, ByRun(Vector256.Load(sums16))) * F.Zero;
        return products;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Run(byte* block, sbyte* values, Vector256<short> scales, int run)
    {
        var scale = Avx2.Shuffle(scales.AsByte(), Vector256.Create((ushort)((2 * run + 1) << 8 | 2 * run)).AsByte()).AsInt16();
        return Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(F.Quants256(block, run), Vector256.Load(values + 32 * run)), scale);
    }

    /// <summary>Sixteen words: even ones to the lower half, odd ones to the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> ByRun(Vector256<short> words)
    {
        var parted = Avx2.Shuffle(words.AsByte(), Vector256.Create(
            (byte)0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15, 0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15));
        return Avx2.Permute4x64(parted.AsInt64(), 0b11_01_10_00).AsInt16();
    }
}
