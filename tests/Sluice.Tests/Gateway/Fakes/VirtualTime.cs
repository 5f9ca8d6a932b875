namespace Sluice.Tests.Gateway.Fakes;

/// <summary>
/// A clock that a test moves. Timers ring in order, each at its own moment, on the mover's thread; what they set going has settled before
/// the clock goes on.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<(Timer Timer, int Version), (long Due, long Order)> _due = new();
    private long _now = TimeSpan.TicksPerHour;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock without waiting for what that sets going.</summary>
    public void Advance(TimeSpan by)
    {
        long end = _now + by.Ticks;
        while (TakeDue(end) is { } timer)
            timer.Ring();
        Volatile.Write(ref _now, end);
    }

    /// <summary>Moves the clock and lets everything settle after each timer.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        long end = _now + by.Ticks;
        await SettleAsync();
        while (TakeDue(end) is { } timer)
        {
            timer.Ring();
            await SettleAsync();
        }
        Volatile.Write(ref _now, end);
    }

    /// <summary>Waits until the pool has nothing to do, for a few turns in a row.</summary>
    public static async Task SettleAsync()
    {
        for (int quiet = 0; quiet < 3; quiet++)
        {
            await Task.Yield();
            if (ThreadPool.PendingWorkItemCount > 0)
                quiet = -1;
        }
    }

    private Timer? TakeDue(long end)
    {
        lock (_gate)
        {
            while (_due.TryPeek(out var next, out var at) && at.Due <= end)
            {
                _due.Dequeue();
                if (next.Timer.Version != next.Version)
                    continue;
                Volatile.Write(ref _now, Math.Max(_now, at.Due));
                return next.Timer;
            }
            return null;
        }
    }

    private sealed class Timer(VirtualTime time, Action ring) : ITimer
    {
        private TimeSpan _period;

        public int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Version++;
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    time._due.Enqueue((this, Version), (time._now + dueTime.Ticks, time._order++));
            }
            return true;
        }

        public void Ring()
        {
            if (_period > TimeSpan.Zero)
                Change(_period, _period);
            ring();
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
