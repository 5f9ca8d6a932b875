using Sluice.Pipe.Estimates;

namespace Sluice.Tests.Pipe.Estimates;

public sealed class IntervalTests
{
    /// <summary>Worked by hand: mean 3, variance 2.5, t(4) 2.776, of 100 with the correction for a finite whole.</summary>
    [Fact]
    public void OfTotal_FiveOfAHundred_IsTheTextbooksInterval()
    {
        Interval total = Interval.OfTotal([1, 2, 3, 4, 5], 100);
        double half = 100 * 2.776 * Math.Sqrt(2.5 / 5 * 0.95);
        Assert.Equal(300 - half, total.Low, 6);
        Assert.Equal(300, total.Value, 6);
        Assert.Equal(300 + half, total.High, 6);
    }

    [Fact]
    public void OfTotal_AllMeasured_IsExact()
    {
        Assert.Equal(Interval.Exactly(15), Interval.OfTotal([1, 2, 3, 4, 5], 5));
    }

    [Fact]
    public void OfTotal_ValuesInProportion_AreExactHoweverTheyScatter()
    {
        Interval total = Interval.OfTotal([(10, 5), (1000, 500), (4, 2)], 1_000_000, 9_999);
        Assert.Equal((500_000, 500_000, 500_000), (Math.Round(total.Low), Math.Round(total.Value), Math.Round(total.High)));
    }

    /// <summary>Of many samples of the same whole about 95 in 100 have to hold the truth.</summary>
    [Fact]
    public void OfTotal_ManySamples_HoldTheTruthAsOftenAsTheySay()
    {
        var random = new Random(7);
        double[] whole = [.. Enumerable.Range(0, 5000).Select(_ => 20 + (60 * random.NextDouble()))];
        double truth = whole.Sum();
        int held = 0;
        for (int round = 0; round < 1000; round++)
        {
            Interval total = Interval.OfTotal([.. random.GetItems(whole, 20)], whole.Length);
            held += total.Low <= truth && truth <= total.High ? 1 : 0;
        }
        Assert.InRange(held, 920, 980);
    }
}
