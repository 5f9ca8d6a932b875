namespace Sluice.Bench.Load;

/// <summary>Virtual time and what is due in it: actions run in order of their moments, each with the clock standing there.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    private readonly PriorityQueue<Action, (double At, long Order)> _due = new();
    private long _order;

    /// <summary>Seconds since the beginning.</summary>
    public double Now { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(Now * TimeSpan.TicksPerSecond);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(Now);

    public void At(double seconds, Action action) => _due.Enqueue(action, (Math.Max(Now, seconds), _order++));

    /// <summary>Runs until nothing is due any more.</summary>
    public void Run()
    {
        while (_due.TryDequeue(out Action? action, out (double At, long Order) moment))
        {
            Now = moment.At;
            action();
        }
    }
}
