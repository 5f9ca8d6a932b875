using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

internal readonly unsafe partial struct Q6_K : ISuperRow512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Quants512(byte* block, int run)
    {
        // 64 quants are two runs of the same bytes of upper bits, and lie in the low or in the high nibbles of 64 bytes.
        var packed = Vector512.Load(block + NibblesOf(2 * run));
        var high = Spread512.Twice(block + HighBitsOf(2 * run));
        var nibbles = run % 2 == 0 ? packed : Vector512.ShiftRightLogical(packed.AsUInt16(), 4).AsByte();
        var bits = run % 2 == 0
            ? Avx512BW.ShiftLeftLogicalVariable(high, Spread512.ByHalf(4, 2))
            : Avx512BW.ShiftRightLogicalVariable(high, Spread512.ByHalf(0, 2));
        return Vector512.ConditionalSelect(Vector512.Create((byte)15), nibbles, bits.AsByte()) & Vector512.Create((byte)63);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Scales(byte* block) => Avx2.ConvertToVector256Int16((sbyte*)block + Q6_KFormat.ScalesOffset);
}
