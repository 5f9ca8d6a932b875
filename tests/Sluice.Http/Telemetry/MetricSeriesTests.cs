using Sluice.Server.Telemetry;

namespace Sluice.Http.Telemetry;

public sealed class MetricSeriesTests
{
    [Fact(Timeout = 30_000)]
    public async Task Add_WhatIsNoNumber_ComesToAnEnd()
    {
        var series = new MetricSeries(bounds: null);
        await Task.Run(() => Array.ForEach([1, double.NaN, 2], series.Add), TestContext.Current.CancellationToken);
        Assert.True(double.IsNaN(series.Value));
    }

    [Fact]
    public void Add_FromManyThreads_LosesNothing()
    {
        var series = new MetricSeries(bounds: null);
        Parallel.For(0, 10_000, i => series.Add(i % 2 == 0 ? 0.5 : -0.0));
        Assert.Equal(2500, series.Value);
    }
}
