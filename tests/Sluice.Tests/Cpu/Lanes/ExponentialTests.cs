using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Tests.Cpu.Lanes;

public class ExponentialTests
{
    [Fact]
    public void Exp_OverItsRange_WithinTwoUnitsInTheLastPlace()
    {
        for (float x = -87.3f; x < 88.7f; x += 0.00137f)
        {
            float actual = Exponential.Exp<Lanes1, float>(x);
            double expected = Math.Exp(x);
            double unit = MathF.BitIncrement((float)expected) - (float)expected;
            Assert.True(Math.Abs(actual - expected) <= 2 * unit, $"exp({x}) = {actual}, should be {expected}");
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(-104f, 0f)]
    [InlineData(0f, 1f)]
    [InlineData(89f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_AtTheEdges_IsWhatItShouldBe(float x, float expected) => Assert.Equal(expected, Exponential.Exp<Lanes1, float>(x));

    [Fact]
    public void Exp_AnyWidth_SameBits()
    {
        Assert.SkipUnless(Avx2.IsSupported && Fma.IsSupported, "needs AVX2");
        for (float x = -110f; x < 95f; x += 0.0173f)
        {
            int scalar = BitConverter.SingleToInt32Bits(Exponential.Exp<Lanes1, float>(x));
            Assert.Equal(scalar, BitConverter.SingleToInt32Bits(Exponential.Exp<Lanes256, Vector256<float>>(Vector256.Create(x)).GetElement(6)));
            if (Avx512F.IsSupported)
                Assert.Equal(scalar, BitConverter.SingleToInt32Bits(Exponential.Exp<Lanes512, Vector512<float>>(Vector512.Create(x)).GetElement(13)));
        }
    }
}
