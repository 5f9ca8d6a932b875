using Sluice.Gateway.Pools;

namespace Sluice.Tests.Gateway.Pools;

public sealed class RecentTimesTests
{
    [Fact]
    public void Percentile_ManyMoreThanAreKept_KnowsTheLastOnly()
    {
        var times = new RecentTimes();
        for (int i = 0; i < 10_000; i++)
            times.Add(i);
        Assert.InRange(times.Percentile(0)!.Value, 10_000 - 256 - 16, 10_000 - 256);
        Assert.InRange(times.Percentile(1)!.Value, 10_000 - 16, 9_999);
    }
}
