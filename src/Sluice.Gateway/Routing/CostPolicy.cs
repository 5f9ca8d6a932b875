namespace Sluice.Gateway.Routing;

/// <summary>Who asks least for a request of this size; among equals, who has least to do. Without a price it costs nothing.</summary>
internal sealed class CostPolicy : IRoutingPolicy
{
    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        double cheapest = double.PositiveInfinity;
        foreach (ref readonly Candidate candidate in candidates)
            cheapest = Math.Min(cheapest, PriceOf(candidate, request));
        var least = new LeastSoFar(chance);
        for (int i = 0; i < candidates.Length; i++)
        {
            if (PriceOf(candidates[i], request) <= cheapest)
                least.Offer(i, candidates[i].Load);
        }
        return least.Index;
    }

    private static double PriceOf(in Candidate candidate, RouteRequest request)
    {
        if (candidate.Price is not { } price)
            return 0;
        int cached = Math.Min(candidate.CachedTokens ?? 0, request.PromptTokens);
        return ((request.PromptTokens - cached) * price.Input) + (cached * (price.CachedInput ?? price.Input))
            + (request.AnswerTokens * price.Output);
    }
}
