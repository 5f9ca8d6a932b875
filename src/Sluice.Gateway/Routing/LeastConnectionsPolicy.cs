namespace Sluice.Gateway.Routing;

/// <summary>Who has the fewest requests for its weight.</summary>
internal sealed class LeastConnectionsPolicy : IRoutingPolicy
{
    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance) => LeastOf.Load(candidates, chance);
}
