using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

/// <summary>How a format hands a super-block to <see cref="SuperDot512{F}"/>.</summary>
internal unsafe interface ISuperRow512 : ISuperBlock
{
    /// <summary>The unsigned quants of elements 64 · <paramref name="run"/> and on.</summary>
    static abstract Vector512<byte> Quants512(byte* block, int run);

    /// <summary>The scales in the order of their sub-blocks.</summary>
    static abstract Vector256<short> Scales(byte* block);
}

/// <summary>
/// As <see cref="SuperDot256{F}"/>, with 64 quants in a register: fewer instructions, and the permutation that spreads scales over a whole register.
/// </summary>
internal readonly unsafe struct SuperDot512<F> : ISuperDot where F : ISuperRow512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Products(byte* block, sbyte* values, short* sums16)
    {
        var scales = F.Scales(block);
        var spread = scales.ToVector512Unsafe();
        var wide = Run(block, values, spread, 0) + Run(block, values, spread, 1) + (Run(block, values, spread, 2) + Run(block, values, spread, 3));
        var products = wide.GetLower() + wide.GetUpper();
        if (F.Zero != 0)
            products -= Avx2.MultiplyAddAdjacent(scales, Vector256.Load(sums16)) * F.Zero;
        return products;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Run(byte* block, sbyte* values, Vector512<short> scales, int run)
    {
        // A register has 64 / SubBlock scales, each for SubBlock / 2 words.
        var indices = Vector512.ShiftRightLogical(Vector512<short>.Indices, F.SubBlock == 16 ? 3 : 4) + Vector512.Create((short)(64 / F.SubBlock * run));
        var scale = Avx512BW.PermuteVar32x16(scales, indices);
        return Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(F.Quants512(block, run), Vector512.Load(values + 64 * run)), scale);
    }
}
