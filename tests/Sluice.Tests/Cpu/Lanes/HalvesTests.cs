using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Tests.Cpu.Lanes;

public class HalvesTests
{
    [Fact]
    public void ToSingle_EveryHalf_ExactWhereFiniteElseHuge()
    {
        Assert.SkipUnless(Avx2.IsSupported, "needs AVX2");
        ForEveryHalf(
            half => Halves.ToSingle(Vector128.Create(half)).GetElement(5),
            half => Halves.ToSingle(Vector256.Create(half)).GetElement(11),
            actual => Assert.InRange(MathF.Abs(actual), 65536f, 131072f));
    }

    [Fact]
    public void ScalesToSingle_EveryHalf_ExactAndNeverLaunderedToFinite()
    {
        Assert.SkipUnless(Avx2.IsSupported, "needs AVX2");
        ForEveryHalf(
            half => Halves.ScalesToSingle(Vector128.Create(half)).GetElement(5),
            half => Halves.ScalesToSingle(Vector256.Create(half)).GetElement(11),
            actual => Assert.False(float.IsFinite(actual)));
    }

    [Fact]
    public void FromSingle_EveryHalfAndItsNeighbours_RoundsAsTheRuntime()
    {
        Assert.SkipUnless(Avx2.IsSupported, "needs AVX2");
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            int single = BitConverter.SingleToInt32Bits((float)BitConverter.UInt16BitsToHalf((ushort)bits));
            // Around the half itself, and around the midpoint to the next, where ties are.
            foreach (int offset in new[] { 0, 1, -1, 0x0FFF, 0x1000, 0x1001, 0x1FFF })
            {
                float value = BitConverter.Int32BitsToSingle(single + offset);
                ushort expected = BitConverter.HalfToUInt16Bits((Half)value);
                ushort actual = Halves.FromSingle(Vector256.Create(value)).GetElement(3);
                if (float.IsNaN(value))
                    Assert.True(Half.IsNaN(BitConverter.UInt16BitsToHalf(actual)));
                else
                    Assert.Equal(expected, actual);
            }
        }
    }

    private static void ForEveryHalf(Func<short, float> narrow, Func<short, float> wide, Action<float> checkNotFinite)
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            float actual = narrow((short)bits);
            if (float.IsFinite(expected))
                Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(actual));
            else
                checkNotFinite(actual);
            if (Avx512F.IsSupported)
                Assert.Equal(actual, wide((short)bits));
        }
    }
}
