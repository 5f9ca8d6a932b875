using Sluice.Gateway.Routing;

namespace NearestPolicy;

/// <summary>
/// Members that are tagged with the region that the client names in <c>x-region</c>, and all where none is; among them the least busy
/// for its weight.
/// </summary>
public sealed class NearestPolicy : IRoutingPolicy
{
    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        string? region = request.Context.Header("x-region");
        int best = 0;
        for (int i = 1; i < candidates.Length; i++)
        {
            if (Rank(candidates[i], region).CompareTo(Rank(candidates[best], region)) < 0)
                best = i;
        }
        return best;
    }

    private static (bool IsFar, double Load) Rank(in Candidate candidate, string? region) =>
        (region is null || !candidate.Tags.Contains(region), candidate.Load);
}
