using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Routing;

/// <summary>
/// The first rule that fits says which members answer; where none fits, or none of those can be had, all may. Among them, who has least
/// to do.
/// </summary>
internal sealed class ContentPolicy(IReadOnlyList<RuleConfig> rules) : IRoutingPolicy
{
    private readonly RuleSet _rules = new(rules);

    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        int tagged = _rules.Find(request) is { } tag ? LeastOf.LoadTagged(candidates, tag, chance) : -1;
        return tagged >= 0 ? tagged : LeastOf.Load(candidates, chance);
    }

    public bool MayProbe(RouteRequest request, in Candidate candidate) =>
        _rules.Find(request) is not { } tag || candidate.Tags.Contains(tag);
}
