using Sluice.Gateway.Admission;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Admission;

public sealed class TokenBucketTests
{
    /// <summary>Whatever the order of takings, no more than the burst and the rate goes through, and what is told is true.</summary>
    [Fact]
    public void TryTake_AnyTraffic_NeverExceedsBurstAndRate()
    {
        var time = new VirtualTime();
        var bucket = new TokenBucket(perSecond: 10, burst: 20, time);
        var random = new Random(3);
        double taken = 0;
        TimeSpan elapsed = TimeSpan.Zero;
        for (int i = 0; i < 5000; i++)
        {
            double amount = random.Next(1, 6);
            if (bucket.TryTake(amount, out TimeSpan retryAfter))
            {
                taken += amount;
            }
            else if (random.Next(3) == 0)
            {
                Pass(retryAfter);
                Assert.True(bucket.TryTake(amount, out _));
                taken += amount;
            }
            Pass(TimeSpan.FromMilliseconds(random.Next(0, 300)));
            Assert.True(taken <= 20 + (10 * elapsed.TotalSeconds) + 0.01, $"{taken} in {elapsed}");
        }
        Assert.True(taken > 8 * elapsed.TotalSeconds, "the rate is reached");

        void Pass(TimeSpan by)
        {
            time.Advance(by);
            elapsed += by;
        }
    }

    [Fact]
    public void TryTake_MoreThanTheBurst_IsLetThroughOnceAndPaidFor()
    {
        var time = new VirtualTime();
        var bucket = new TokenBucket(perSecond: 10, burst: 20, time);
        Assert.True(bucket.TryTake(100, out _));
        Assert.False(bucket.TryTake(100, out TimeSpan retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(10), retryAfter);
        time.Advance(retryAfter);
        Assert.True(bucket.TryTake(100, out _));
    }

    [Fact]
    public void TryTake_FromManyThreads_LosesNothing()
    {
        var bucket = new TokenBucket(perSecond: 1e-3, burst: 10_000, new VirtualTime());
        int taken = 0;
        Parallel.For(0, 20_000, _ =>
        {
            if (bucket.TryTake(1, out TimeSpan _))
                Interlocked.Increment(ref taken);
        });
        Assert.Equal(10_000, taken);
    }
}
