using Sluice.Pipe.Asking;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Pipe.Flow;

/// <summary>What a source that is too busy gets: nothing while it asked for a pause, then one question, then all.</summary>
public sealed class PatienceTests
{
    [Fact]
    public async Task Ask_ABusySource_IsAskedAgainByOneFirst()
    {
        var patience = new Patience(TimeProvider.System, new Random(1));
        int asked = 0;
        long busyUntil = Environment.TickCount64 + 300;
        async Task<int> AskAsync(int i)
        {
            Interlocked.Increment(ref asked);
            if (Environment.TickCount64 < busyUntil)
                throw new SourceException(SourceFailure.Busy, "busy", TimeSpan.FromMilliseconds(100));
            await Task.Delay(5, TestContext.Current.CancellationToken);
            return i;
        }
        int[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            patience.AskAsync(() => AskAsync(i), TestContext.Current.CancellationToken)));
        Assert.Equal(Enumerable.Range(0, 50), answers);
        // One that finds it busy, a few that see whether it is over, fifty that are answered.
        Assert.InRange(asked, 51, 60);
    }

    [Fact]
    public async Task Ask_AnotherFailure_IsNotWaitedFor()
    {
        var patience = new Patience(TimeProvider.System, new Random(1));
        int asked = 0;
        await Assert.ThrowsAsync<SourceException>(() => patience.AskAsync<int>(() =>
        {
            asked++;
            throw new SourceException(SourceFailure.Failed, "broken");
        }, TestContext.Current.CancellationToken));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Ask_Cancelled_StopsWaiting()
    {
        var patience = new Patience(TimeProvider.System, new Random(1));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patience.AskAsync<int>(
            () => throw new SourceException(SourceFailure.Busy, "busy", TimeSpan.FromHours(1)), cancel.Token));
    }
}
