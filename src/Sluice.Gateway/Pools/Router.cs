using Sluice.Gateway.Routing;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// Finds the member of a pool that takes a request: leaves out who cannot, lets the policy choose among the rest, and books what was
/// chosen. Knows no tasks and no bytes, so a simulator drives it as the server does.
/// </summary>
internal sealed class Router(IReadOnlyList<Member> members, IRoutingPolicy policy, Chance chance)
{
    public IReadOnlyList<Member> Members => members;

    /// <summary>Chooses among those not tried yet.</summary>
    /// <param name="refusal">Why there is none.</param>
    /// <returns>Null where none can take it now.</returns>
    public Lease? TryRoute(Query query, IReadOnlyCollection<Member> tried, out Refusal refusal)
    {
        var reasons = new Reasons();
        var able = new List<Member>(members.Count);
        Member? probe = FindAble(query, tried, able, ref reasons);
        Lease? lease = probe is not null && policy.MayProbe(query.Request, probe.Describe(query.Look(probe.Endpoint)))
            ? TryTake(probe, query.Request, ref reasons) : null;
        if (lease is null)
        {
            List<Member> leftOut = LeaveOutSlowStarters(able);
            lease = ChooseAmong(able, query, ref reasons) ?? ChooseAmong(leftOut, query, ref reasons);
        }
        if (lease is null && probe is not null)
            lease = ChooseAmong([probe], query, ref reasons); // meant for others, but there are none
        refusal = reasons.Sum();
        return lease;
    }

    /// <returns>A member whose time has come to be probed, which goes before any choice: else the slow would never be.</returns>
    private Member? FindAble(Query query, IReadOnlyCollection<Member> tried, List<Member> able, ref Reasons reasons)
    {
        Member? probe = null;
        foreach (Member member in members)
        {
            if (tried.Contains(member) || !query.IsAble(member.Endpoint))
                continue;
            if (!member.Endpoint.State.Health.IsUp)
                reasons.Add(SourceFailure.Unavailable, null);
            else if (!member.Breaker.Allows(out bool isProbe, out TimeSpan closed))
                reasons.Add(SourceFailure.Unavailable, closed);
            else if (member.Endpoint.Source is IStartable startable && startable.IsResting(out TimeSpan resting))
                reasons.Add(SourceFailure.Unavailable, resting);
            else if (member.Endpoint.IsCooling(out TimeSpan cooling))
                reasons.Add(SourceFailure.Busy, cooling);
            else if (!member.Endpoint.State.Limits.HasPlace)
                reasons.Add(SourceFailure.Busy, null);
            else if (isProbe)
                probe ??= member;
            else
                able.Add(member);
        }
        LeaveOutStopped(able);
        return probe;
    }

    /// <summary>Of the replicas that can be started only the readiest of each source stay, and of stopped ones one: it is enough.</summary>
    private static void LeaveOutStopped(List<Member> able)
    {
        for (int i = able.Count - 1; i >= 0; i--)
        {
            if (ReadinessOf(able[i]) is { } own && able.Where((other, at) => IsSameModel(other, able[i])
                && (ReadinessOf(other) < own || (own == Readiness.Stopped && ReadinessOf(other) == own && at < i))).Any())
                able.RemoveAt(i);
        }
    }

    private static Readiness? ReadinessOf(Member member) => (member.Endpoint.Source as IStartable)?.Readiness;

    private static bool IsSameModel(Member one, Member other) =>
        one.Endpoint.State == other.Endpoint.State && one.Endpoint.Model == other.Endpoint.Model;

    private Lease? ChooseAmong(List<Member> able, Query query, ref Reasons reasons)
    {
        while (able.Count > 0)
        {
            Candidate[] candidates = [.. able.Select(member => member.Describe(query.Look(member.Endpoint)))];
            int chosen = policy.Choose(query.Request, candidates, chance);
            if (TryTake(able[chosen], query.Request, ref reasons) is { } lease)
                return lease;
            able.RemoveAt(chosen); // it was filled or closed since we looked, or has too few tokens left for this one
        }
        return null;
    }

    private List<Member> LeaveOutSlowStarters(List<Member> able)
    {
        var leftOut = new List<Member>();
        for (int i = able.Count - 1; i >= 0 && able.Count > 1; i--)
        {
            double share = able[i].Share;
            if (share == 1 || chance.Share() < share)
                continue;
            leftOut.Add(able[i]);
            able.RemoveAt(i);
        }
        return leftOut;
    }

    /// <remarks>What refuses a large request may have room for a small one: it says nothing of the endpoint.</remarks>
    private static Lease? TryTake(Member member, RouteRequest request, ref Reasons reasons)
    {
        int tokens = request.PromptTokens + request.AnswerTokens;
        if (!member.Endpoint.State.Limits.TryEnter(tokens, out TimeSpan pause))
        {
            reasons.Add(SourceFailure.Busy, pause);
            return null;
        }
        if (member.Breaker.TryBegin(out int era))
            return new Lease(member, era, request, tokens);
        member.Endpoint.State.Limits.Leave(tokens, 0);
        reasons.Add(SourceFailure.Unavailable, null);
        return null;
    }

    private struct Reasons
    {
        private TimeSpan? _soonest;
        private bool _busy;

        public void Add(SourceFailure reason, TimeSpan? wait)
        {
            _busy |= reason == SourceFailure.Busy;
            if (wait is not null && (_soonest is null || wait < _soonest))
                _soonest = wait;
        }

        public readonly Refusal Sum() => new(_busy ? SourceFailure.Busy : SourceFailure.Unavailable, _soonest);
    }
}
