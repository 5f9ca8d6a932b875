using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Four activations (a, b, c, d) in 16 bits each as the pairs (a, c) and (b, d): what the even and the odd bytes of sign-extended weights
/// meet.
/// </summary>
internal readonly unsafe struct WordPairs : ITileEncoding
{
    public static int StepBytes => 8;

    public static int Steps => 8;

    public static bool InOrder => false;

    public static int ZeroPoint => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(sbyte* values, byte* target, int stride)
    {
        for (int i = 0; i < QuantizedBlock.Elements; i += 8, target += 2 * stride)
        {
            // Words a b c d e f g h: swapping b with c and f with g makes the pairs.
            var words = Sse2.ShuffleHigh(Sse2.ShuffleLow(Sse41.ConvertToVector128Int16(values + i), 0b11_01_10_00), 0b11_01_10_00).AsInt64();
            *(long*)target = words.GetElement(0);
            *(long*)(target + stride) = words.GetElement(1);
        }
    }
}
