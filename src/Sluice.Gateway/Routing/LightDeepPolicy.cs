using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Routing;

/// <summary>
/// Members with the tag <c>light</c> answer, unless a rule sends the request to another tag or none of them can be had: then the rest
/// does. So a small or near model takes what it can, and a large or far one what it must.
/// </summary>
internal sealed class LightDeepPolicy(IReadOnlyList<RuleConfig> rules) : IRoutingPolicy
{
    /// <summary>Tag of those that are asked first.</summary>
    public const string Light = "light";

    private readonly RuleSet _rules = new(rules);

    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        int tagged = LeastOf.LoadTagged(candidates, _rules.Find(request) ?? Light, chance);
        return tagged >= 0 ? tagged : LeastOf.Load(candidates, chance);
    }

    public bool MayProbe(RouteRequest request, in Candidate candidate) => candidate.Tags.Contains(_rules.Find(request) ?? Light);
}
