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
    private static readonly TimeSpan UnpaidEvery = TimeSpan.FromSeconds(1);

    private long _lastUnpaid;

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
        _lastUnpaid = time.GetTimestamp();
        HedgeBudget = config.Hedge?.Budget is { } share ? new RetryBudget(share) : Budget;
    }

    public PoolConfig Config { get; }

    /// <summary>Those whose endpoints are its members.</summary>
    public IReadOnlyList<SourceState> Sources { get; }

    public Router Router { get; }

    public RateGate Limits { get; }

    public RetryBudget Budget { get; }

    /// <summary>What hedges are taken from; the same as <see cref="Budget"/> where they have none of their own.</summary>
    public RetryBudget HedgeBudget { get; }

    public RecentTimes FirstTokens { get; } = new();

    /// <summary>How long answers in one body take.</summary>
    public RecentTimes Answers { get; } = new();

    public TimeProvider Time { get; }

    public Chance Chance { get; }

    /// <summary>How long a source may keep silent before a second one is asked; null where that is not known yet.</summary>
    /// <param name="streams">Whether the first token ends the silence; else only the whole answer does.</param>
    public TimeSpan? HedgeDelay(bool streams) => Config.Hedge switch
    {
        { Delay: { } delay } => delay,
        { Percentile: { } share } when (streams ? FirstTokens : Answers).Percentile(share) is { } seconds => TimeSpan.FromSeconds(seconds),
        _ => null,
    };

    /// <summary>Whether a second source is ever asked beside a silent one.</summary>
    public bool MayHedge(bool streams) => Config.Hedge is { } hedge && (streams || hedge is { OfAlike: true, Percentile: not null });

    /// <summary>
    /// Whether a hedge may be made although its own budget is spent, because behind the last requests of a run nobody comes who pays in:
    /// once a second, and where answers are quick once in ten times what is long among them.
    /// </summary>
    public bool TryHedgeUnpaid(bool streams)
    {
        TimeSpan every = 10 * HedgeDelay(streams) is { } quick && quick < UnpaidEvery ? quick : UnpaidEvery;
        long last = Volatile.Read(ref _lastUnpaid), now = Time.GetTimestamp();
        return Config.Hedge is { Budget: not null } && Time.GetElapsedTime(last, now) >= every
            && Interlocked.CompareExchange(ref _lastUnpaid, now, last) == last;
    }

    /// <summary>A request came: it pays in what retries and hedges are taken from.</summary>
    public void Deposit()
    {
        Budget.Deposit();
        if (HedgeBudget != Budget)
            HedgeBudget.Deposit();
    }
}
