using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

internal readonly unsafe partial struct Q5_K : ISuperRow512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Quants512(byte* block, int run)
    {
        // Bit 2 · run goes to bit 4 in the lower half, the next one in the upper.
        var high = Spread512.Twice(block + Q5_KFormat.HighBitsOffset);
        var bits = run < 2
            ? Avx512BW.ShiftLeftLogicalVariable(high, Spread512.ByHalf((ushort)(4 - 2 * run), (ushort)(3 - 2 * run)))
            : Avx512BW.ShiftRightLogicalVariable(high, Spread512.ByHalf((ushort)(2 * run - 4), (ushort)(2 * run - 3)));
        var nibbles = SixBits.NibblesByHalf(block + Q5_KFormat.QuantsOffset + run * SubBlock);
        return Vector512.ConditionalSelect(Vector512.Create((byte)15), nibbles, bits.AsByte()) & Vector512.Create((byte)31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Scales(byte* block) => SixBits.Scales(block + Q5_KFormat.ScalesOffset);
}
