using Sluice.Cli.Plots;

namespace Sluice.Tests.Cli.Plots;

public sealed class AxisTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7.3)]
    [InlineData(59.6)]
    [InlineData(100)]
    [InlineData(12345.6)]
    [InlineData(0.00042)]
    public void FromZero_AnyEnd_HasRoundTicksUpToIt(double most)
    {
        var axis = Axis.FromZero(most, "");
        Assert.InRange(axis.Most, most, 1.5 * most);
        Assert.InRange(axis.Ticks.Count, 4, 11);
        Assert.Equal((0, 1), (axis.PlaceOf(axis.Ticks[0]), Math.Round(axis.PlaceOf(axis.Ticks[^1]), 9)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FromZero_NoEnd_IsStillAnAxis(double most) => Assert.Equal(1, Axis.FromZero(most, "").Most);

    [Fact]
    public void Around_WideValues_GivesEqualFactorsEqualRoom()
    {
        var axis = Axis.Around(1, 1000, "");
        Assert.True(axis.Logarithmic);
        Assert.Equal(axis.PlaceOf(10) - axis.PlaceOf(1), axis.PlaceOf(1000) - axis.PlaceOf(100), tolerance: 1e-9);
        Assert.Equal([1, 10, 100, 1000], axis.Ticks.Where(tick => Math.Log10(tick) % 1 == 0));
        Assert.False(Axis.Around(10, 100, "").Logarithmic);
    }

    [Fact]
    public void PlaceOf_ValuesBeyond_IsTheEdge() =>
        Assert.Equal((0, 1), (Axis.FromZero(10, "").PlaceOf(-5), Axis.FromZero(10, "").PlaceOf(99)));
}
