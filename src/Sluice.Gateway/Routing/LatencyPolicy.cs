namespace Sluice.Gateway.Routing;

/// <summary>
/// Who is expected to be done first: recent time to first token and time per token for an answer of this length, times the work it already
/// has. Whoever is unknown is tried.
/// </summary>
internal sealed class LatencyPolicy : IRoutingPolicy
{
    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        var least = new LeastSoFar(chance);
        for (int i = 0; i < candidates.Length; i++)
        {
            ref readonly Candidate candidate = ref candidates[i];
            double alone = candidate.FirstTokenSeconds + (candidate.TokenSeconds * request.AnswerTokens);
            // The unknown cost next to nothing, but not all of a burst goes to them.
            least.Offer(i, Math.Max(alone, 1e-6) * candidate.Load);
        }
        return least.Index;
    }
}
