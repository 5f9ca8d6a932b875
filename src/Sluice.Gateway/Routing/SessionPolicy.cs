namespace Sluice.Gateway.Routing;

/// <summary>
/// The same session always to the same member, by rendezvous hashing: each member draws a number from its name and the session, the
/// greatest wins, so that a member that comes or goes moves only its own sessions. A member that has far more to do than the others is
/// passed over.
/// </summary>
/// <param name="header">The request header that names the session; null takes the user, then the key.</param>
internal sealed class SessionPolicy(string? header) : IRoutingPolicy
{
    // Consistent hashing with bounded loads: a quarter above the average is fair, and a few requests are no load.
    private const double FairLoad = 1.25;
    private const int FreeRequests = 2;

    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        string? session = (header is null ? null : request.Context.Header(header)) ?? request.User ?? request.Context.Key;
        if (session is null)
            return LeastOf.Load(candidates, chance);
        double average = 0;
        foreach (ref readonly Candidate candidate in candidates)
            average += candidate.InFlight / candidate.Weight / candidates.Length;
        ulong hash = Hash(session, 0);
        int chosen = -1;
        double best = double.NegativeInfinity;
        for (int i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].InFlight / candidates[i].Weight > (average * FairLoad) + FreeRequests)
                continue;
            double score = Score(Hash(candidates[i].Name, hash), candidates[i].Weight);
            if (score > best)
                (chosen, best) = (i, score);
        }
        return chosen; // whoever is at or below the average was never passed over
    }

    /// <summary>Weighted rendezvous: -w / ln(u) makes each win as often as its weight says.</summary>
    private static double Score(ulong hash, double weight) => -weight / Math.Log(((hash >> 11) + 0.5) * (1.0 / (1UL << 53)));

    private static ulong Hash(string text, ulong seed)
    {
        ulong hash = seed ^ 0xCBF29CE484222325;
        foreach (char c in text)
            hash = (hash ^ c) * 0x100000001B3;
        return Chance.Mix(hash);
    }
}
