using Sluice.Cli.Load;

namespace Sluice.Tests.Cli.Load;

public sealed class DistributionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1001)]
    public void Percentile_AnyCount_EqualsTheNaiveOne(int count)
    {
        var random = new Random(count);
        double[] values = [.. Enumerable.Range(0, count).Select(_ => Math.Round(random.NextDouble() * 50))];
        var distribution = new Distribution(values);
        for (int percent = 0; percent <= 100; percent++)
            Assert.Equal(Naive(values, percent), distribution.Percentile(percent), tolerance: 1e-9);
        Assert.Equal(values.Average(), distribution.Mean, tolerance: 1e-9);
        Assert.Equal(values.Max(), distribution.Max);
    }

    [Fact]
    public void Figures_OfNothing_AreNoNumbers()
    {
        var nothing = new Distribution([]);
        Assert.Equal((0, double.NaN, double.NaN, double.NaN), (nothing.Count, nothing.Mean, nothing.Max, nothing.Percentile(50)));
    }

    /// <summary>Walks from the smallest value on, a hundredth of the way between the first and the last at a time.</summary>
    private static double Naive(double[] values, int percent)
    {
        var left = values.ToList();
        double steps = percent * (values.Length - 1) / 100.0;
        for (; steps >= 1; steps--)
            left.Remove(left.Min());
        double here = left.Min();
        left.Remove(here);
        return left.Count == 0 ? here : here + steps * (left.Min() - here);
    }
}
