namespace Sluice.Gateway.Routing;

/// <summary>By chance, each as often as its weight says.</summary>
internal sealed class WeightedPolicy : IRoutingPolicy
{
    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        double sum = 0;
        foreach (ref readonly Candidate candidate in candidates)
            sum += candidate.Weight;
        double left = chance.Share() * sum;
        for (int i = 0; i < candidates.Length; i++)
        {
            left -= candidates[i].Weight;
            if (left < 0)
                return i;
        }
        return candidates.Length - 1;
    }
}
