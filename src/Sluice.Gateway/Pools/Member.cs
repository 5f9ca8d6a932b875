using Sluice.Gateway.Configuration;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>An endpoint within a pool: what the pool thinks of it and whether it has failed there.</summary>
internal sealed class Member(int id, Endpoint endpoint, MemberConfig config, BreakerConfig breaker, TimeProvider time)
{
    // Who comes back begins with a tenth of its share and has all of it after this.
    private static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(10);
    private const double LeastShare = 0.1;

    public int Id => id;

    public Endpoint Endpoint => endpoint;

    public Breaker Breaker { get; } = new(breaker, time);

    /// <summary>Below 1 for a while after it was out of rotation.</summary>
    public double Share
    {
        get
        {
            TimeSpan? back = Least(Breaker.SinceRecovery, endpoint.State.Health.SinceRecovery);
            return back is { } since && since < SlowStart ? Math.Max(LeastShare, since / SlowStart) : 1;
        }
    }

    /// <param name="outlook">What the source said of this request; null where it cannot be asked.</param>
    public Candidate Describe(Outlook? outlook)
    {
        (double first, double token) = endpoint.Latency.Read();
        return new Candidate
        {
            Id = id,
            Name = endpoint.FullName,
            Weight = config.Weight,
            Tags = config.Tags,
            Price = endpoint.Price,
            InFlight = endpoint.InFlight,
            // The engine's own figure lags behind what was sent this moment.
            QueuedTokens = Math.Max(outlook?.QueuedTokens ?? 0, endpoint.PendingTokens),
            CachedTokens = outlook?.CachedTokens,
            FirstTokenSeconds = first,
            TokenSeconds = token,
        };
    }

    private static TimeSpan? Least(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;
}
