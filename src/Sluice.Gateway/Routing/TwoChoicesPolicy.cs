namespace Sluice.Gateway.Routing;

/// <summary>
/// Of two drawn at random, the one with fewer requests for its weight (p2c): nearly as even as looking at all, without every gateway
/// running to the same one at the same time.
/// </summary>
internal sealed class TwoChoicesPolicy : IRoutingPolicy
{
    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        int one = chance.Below(candidates.Length);
        if (candidates.Length == 1)
            return one;
        int other = (one + 1 + chance.Below(candidates.Length - 1)) % candidates.Length;
        return candidates[one].Load <= candidates[other].Load ? one : other;
    }
}
