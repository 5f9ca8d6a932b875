using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

internal readonly unsafe partial struct Q4_K : ISuperRow512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Quants512(byte* block, int run) =>
        SixBits.NibblesByHalf(block + Q4_KFormat.QuantsOffset + run * SubBlock) & Vector512.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Scales(byte* block) => SixBits.Scales(block + Q4_KFormat.ScalesOffset);
}
