using System.Runtime.CompilerServices;

namespace Sluice.Cpu.Quant;

/// <summary>Four activations in a byte each, for weights stored with a zero point of 128.</summary>
internal readonly unsafe struct ByteQuads : ITileEncoding
{
    public static int StepBytes => 4;

    public static int Steps => 8;

    public static bool InOrder => true;

    public static int ZeroPoint => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(sbyte* values, byte* target, int stride)
    {
        for (int i = 0; i < QuantizedBlock.Elements; i += 4, target += stride)
            *(int*)target = *(int*)(values + i);
    }
}
