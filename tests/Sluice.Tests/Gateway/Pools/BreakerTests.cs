using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Pools;

public sealed class BreakerTests
{
    private static readonly TimeSpan Open = TimeSpan.FromSeconds(10);

    private readonly VirtualTime _time = new();

    [Fact]
    public void RecordFirst_OfTheProbe_LetsOthersIn()
    {
        Breaker breaker = Opened();
        _time.Advance(Open);
        Assert.True(breaker.TryBegin(out int probe));
        Assert.False(breaker.TryBegin(out _));
        breaker.RecordFirst(probe);
        Assert.Equal(BreakerState.Closed, breaker.State);
        Assert.True(breaker.TryBegin(out _));
    }

    [Fact]
    public void RecordFailure_ProbeBreaksOffAfterItsFirst_OpensForTwiceAsLong()
    {
        Breaker breaker = Opened();
        _time.Advance(Open);
        Assert.True(breaker.TryBegin(out int probe));
        breaker.RecordFirst(probe);
        breaker.RecordFailure(probe);
        Assert.False(breaker.Allows(out _, out TimeSpan retryAfter));
        Assert.Equal(2 * Open, retryAfter);
    }

    [Fact]
    public void Record_RequestFromBeforeItOpened_SaysNothing()
    {
        var breaker = new Breaker(new BreakerConfig { Open = Open }, _time);
        var old = new int[4];
        for (int i = 0; i < old.Length; i++)
            Assert.True(breaker.TryBegin(out old[i]));
        Break(breaker);
        _time.Advance(Open);
        Assert.True(breaker.TryBegin(out int probe));

        breaker.RecordSuccess(old[0]);
        breaker.RecordNothing(old[1]);
        breaker.RecordFirst(old[2]);
        breaker.RecordFailure(old[3]);

        Assert.Equal(BreakerState.HalfOpen, breaker.State);
        Assert.False(breaker.TryBegin(out _));
        breaker.RecordSuccess(probe);
        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    private Breaker Opened()
    {
        var breaker = new Breaker(new BreakerConfig { Open = Open }, _time);
        Break(breaker);
        return breaker;
    }

    internal static void Break(Breaker breaker)
    {
        for (int i = 0; i < Breaker.FailuresInARow; i++)
        {
            Assert.True(breaker.TryBegin(out int era));
            breaker.RecordFailure(era);
        }
        Assert.Equal(BreakerState.Open, breaker.State);
    }
}
