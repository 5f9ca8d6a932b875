using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Tests.Cpu.Lanes;

public class HalvesTests
{
    [Fact]
    public void ToSingle_EveryHalf_ExactAndNeverLaunderedToFinite()
    {
        Assert.SkipUnless(Avx2.IsSupported, "needs AVX2");
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            float narrow = Halves.ToSingle(Vector128.Create((short)bits)).GetElement(5);
            if (float.IsFinite(expected))
                Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(narrow));
            else
                Assert.False(float.IsFinite(narrow));
            if (Avx512F.IsSupported)
                Assert.Equal(narrow, Halves.ToSingle(Vector256.Create((short)bits)).GetElement(11));
        }
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
}
