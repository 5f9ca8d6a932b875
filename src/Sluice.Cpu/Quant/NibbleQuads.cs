using System.Runtime.CompilerServices;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Four activations in a byte each beside those 16 further on: what the low and the high nibbles of the same weight bytes meet.
/// </summary>
internal readonly unsafe struct NibbleQuads : ITileEncoding
{
    public static int StepBytes => 8;

    public static int Steps => 4;

    public static bool InOrder => false;

    public static int ZeroPoint => Q4_0Format.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(sbyte* values, byte* target, int stride)
    {
        for (int i = 0; i < QuantizedBlock.Elements / 2; i += 4, target += stride)
        {
            *(int*)target = *(int*)(values + i);
            *(int*)(target + 4) = *(int*)(values + i + QuantizedBlock.Elements / 2);
        }
    }
}
