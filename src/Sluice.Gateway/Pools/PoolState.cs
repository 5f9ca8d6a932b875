using Sluice.Gateway.Admission;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Routing;

namespace Sluice.Gateway.Pools;

/// <summary>
/// A pool at work: its router with all that it has learned, its limits and its budget. Kept over reloads that change neither the pool nor
/// its sources.
/// </summary>
internal sealed class PoolState
{
    public PoolState(PoolConfig config, IReadOnlyDictionary<string, SourceState> sources, TimeProvider time, Chance chance)
    {
        (Config, Time, Chance) = (config, time, chance);
        Sources = [.. config.Members.Select(member => sources[member.Source]).Distinct()];
        var members = new List<Member>();
        foreach (MemberConfig member in config.Members)
        {
            foreach (Endpoint endpoint in sources[member.Source].Open(member.Model))
                members.Add(new Member(members.Count, endpoint, member, config.Breaker, time));
        }
        Router = new Router(members, PolicyRegistry.Create(config), chance);
        Limits = new RateGate(config.Limits, time);
        Budget = new RetryBudget(config.Retry.Budget);
    }

    public PoolConfig Config { get; }

    /// <summary>Those whose endpoints are its members.</summary>
    public IReadOnlyList<SourceState> Sources { get; }

    public Router Router { get; }

    public RateGate Limits { get; }

    public RetryBudget Budget { get; }

    public RecentTimes FirstTokens { get; } = new();

    public TimeProvider Time { get; }

    public Chance Chance { get; }

    /// <summary>How long a source may keep silent before a second one is asked; null for never, or not known yet.</summary>
    public TimeSpan? HedgeDelay => Config.Hedge switch
    {
        null => null,
        { Delay: { } delay } => delay,
        { Percentile: { } share } => FirstTokens.Percentile(share) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        _ => null,
    };
}
