namespace Sluice.Tests.Local.Lifecycle;

/// <summary>A clock that stands until it is moved; timers ring on the mover's thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private TimeSpan _now;

    /// <summary>How long before they are due timers ring, as those of a system do whose timers and clock count apart.</summary>
    public TimeSpan Earliness { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_timers)
            _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        _now += by;
        Timer[] timers;
        lock (_timers)
            timers = [.. _timers];
        foreach (Timer timer in timers)
            timer.RingIfDue();
    }

    private sealed class Timer(ManualTime time, Action ring) : ITimer
    {
        private TimeSpan? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
            return true;
        }

        public void RingIfDue()
        {
            if (_due is not { } due || due - time.Earliness > time._now)
                return;
            _due = null;
            ring();
        }

        public void Dispose() => _due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
