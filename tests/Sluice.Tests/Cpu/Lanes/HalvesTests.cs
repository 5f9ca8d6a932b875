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
    public void Moved_EveryHalfInEitherPlace_IsAPowerOfTwoBelowItsValue()
    {
        Assert.SkipUnless(Avx2.IsSupported, "needs AVX2");
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            int low = bits | 0x5A5A0000, high = (bits << 16) | 0x5A5A;
            if (float.IsFinite(expected))
                Assert.Equal(expected, Halves.MovedLow(low) * Halves.MovedReduction);
            else
                Assert.InRange(MathF.Abs(Halves.MovedLow(low) * Halves.MovedReduction), 65536f, 131072f);
            Assert.Equal(Halves.MovedLow(low), Halves.MovedHigh(high));
            Assert.Equal(Halves.MovedLow(low), Halves.MovedLow(Vector256.Create(low)).GetElement(5));
            Assert.Equal(Halves.MovedLow(low), Halves.MovedHigh(Vector256.Create(high)).GetElement(5));
            if (!Avx512F.IsSupported)
                continue;
            Assert.Equal(Halves.MovedLow(low), Halves.MovedLow(Vector512.Create(low)).GetElement(11));
            Assert.Equal(Halves.MovedLow(low), Halves.MovedHigh(Vector512.Create(high)).GetElement(11));
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
