using Sluice.Gateway.Configuration;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>One replica of one model of a source: what routing chooses. Pools share it, so each sees the work of the others.</summary>
internal sealed class Endpoint(string name, string model, ICompletionSource source, SourceState state, TimeProvider time)
{
    private long _coolUntil; // timestamp
    private long _pendingTokens;
    private int _inFlight;

    /// <summary>Source and replica, for metrics and logs.</summary>
    public string Name => name;

    public string Model => model;

    /// <summary>Source, replica and model.</summary>
    public string FullName { get; } = $"{name}:{model}";

    public ICompletionSource Source => source;

    public SourceState State => state;

    public PriceConfig? Price { get; } = state.Config.Prices.GetValueOrDefault(model);

    public LatencyTrack Latency { get; } = new(time);

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Prompt tokens that were sent and whose first event has not come.</summary>
    public long PendingTokens => Volatile.Read(ref _pendingTokens);

    /// <summary>Whether the source itself asked for a pause that is not over; then how long it still is.</summary>
    public bool IsCooling(out TimeSpan left)
    {
        long until = Volatile.Read(ref _coolUntil), now = time.GetTimestamp();
        left = until > now ? time.GetElapsedTime(now, until) : TimeSpan.Zero;
        return until > now;
    }

    /// <summary>The source said it is too busy until then. A longer pause that it asked for before still holds.</summary>
    public void Cool(TimeSpan pause)
    {
        long until = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        long seen = Volatile.Read(ref _coolUntil), before;
        while (seen < until && (before = Interlocked.CompareExchange(ref _coolUntil, until, seen)) != seen)
            seen = before;
    }

    /// <summary>
    /// The terms under which the source itself works: it may stop once its <c>timeout.total</c> is over, even unasked. Rounded up, because
    /// an engine computes identical requests once, and those that come together shall be; who waits for the answer knows the exact time.
    /// </summary>
    public RequestContext Limit(RequestContext context)
    {
        TimeSpan total = State.Config.Timeouts.Total;
        long end = (time.GetUtcNow() + total).UtcTicks, step = total.Ticks / 4;
        var deadline = new DateTimeOffset((end + step - 1) / step * step, TimeSpan.Zero);
        return context.Deadline <= deadline ? context : context with { Deadline = deadline };
    }

    public void BeginRequest(int promptTokens)
    {
        Interlocked.Increment(ref _inFlight);
        Interlocked.Add(ref _pendingTokens, promptTokens);
    }

    public void EndPrompt(int promptTokens) => Interlocked.Add(ref _pendingTokens, -promptTokens);

    public void EndRequest() => Interlocked.Decrement(ref _inFlight);
}
