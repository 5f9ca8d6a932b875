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
    /// <param name="look">What an endpoint says of the request; null where it cannot be asked.</param>
    /// <param name="refusal">Why there is none.</param>
    /// <returns>Null where none can take it now.</returns>
    public Lease? TryRoute(RouteRequest request, IReadOnlyCollection<Member> tried, Func<Endpoint, Outlook?> look, out Refusal refusal)
    {
        var able = new List<Member>(members.Count);
        Member? probe = FindAble(tried, able, out refusal);
        if (probe is not null && TryTake(probe, request) is { } probing)
            return probing;
        LeaveOutSlowStarters(able);
        bool anyAble = able.Count > 0;
        while (able.Count > 0)
        {
            Candidate[] candidates = [.. able.Select(member => member.Describe(look(member.Endpoint)))];
            int chosen = policy.Choose(request, candidates, chance);
            if (TryTake(able[chosen], request) is { } lease)
                return lease;
            able.RemoveAt(chosen); // it was filled or closed since we looked
        }
        if (anyAble)
            FindAble(tried, able, out refusal);
        return null;
    }

    /// <returns>A member whose time has come to be probed, which goes before any choice: else the slow would never be.</returns>
    private Member? FindAble(IReadOnlyCollection<Member> tried, List<Member> able, out Refusal refusal)
    {
        var reasons = new Reasons();
        Member? probe = null;
        foreach (Member member in members)
        {
            if (tried.Contains(member))
                continue;
            if (!member.Endpoint.State.Health.IsUp)
                reasons.Add(SourceFailure.Unavailable, null);
            else if (!member.Breaker.Allows(out bool isProbe, out TimeSpan closed))
                reasons.Add(SourceFailure.Unavailable, closed);
            else if (member.Endpoint.IsCooling(out TimeSpan cooling))
                reasons.Add(SourceFailure.Busy, cooling);
            else if (!member.Endpoint.State.Limits.HasPlace)
                reasons.Add(SourceFailure.Busy, null);
            else if (isProbe)
                probe ??= member;
            else
                able.Add(member);
        }
        refusal = reasons.Sum();
        return probe;
    }

    private void LeaveOutSlowStarters(List<Member> able)
    {
        for (int i = able.Count - 1; i >= 0 && able.Count > 1; i--)
        {
            double share = able[i].Share;
            if (share < 1 && chance.Share() >= share)
                able.RemoveAt(i);
        }
    }

    private static Lease? TryTake(Member member, RouteRequest request)
    {
        int tokens = request.PromptTokens + request.AnswerTokens;
        if (!member.Endpoint.State.Limits.TryEnter(tokens, out TimeSpan pause))
        {
            if (pause > TimeSpan.Zero && member.Endpoint.State.Limits.HasPlace)
                member.Endpoint.Cool(pause);
            return null;
        }
        if (member.Breaker.TryBegin())
            return new Lease(member, request.PromptTokens, tokens);
        member.Endpoint.State.Limits.Leave(tokens, 0);
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
