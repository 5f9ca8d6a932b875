namespace Sluice.Gateway.Routing;

/// <summary>
/// Where most of the prompt is cached already, against how long one would wait there: the fewest tokens that have to be computed before
/// this request's first, those of others in the queue included. Engines say what they have cached; of remote sources it is remembered
/// what was sent to them.
/// </summary>
internal sealed class PrefixPolicy : IRoutingPolicy
{
    // 16 million tokens' worth of blocks, about 10 MB.
    private const int RememberedBlocks = 1 << 17;

    // A short common beginning is no reason to send everybody to whoever saw it first.
    private const double LeastShare = 0.25;

    // Whoever got it before the last one did may have forgotten it; and if all were sent everything, none could keep anything.
    private const double StillThere = 0.5;

    // What an answer in progress costs a newcomer: its steps go on beside the prompt.
    private const int TokensPerAnswer = 32;

    private readonly PrefixIndex _sent;
    private readonly long[] _given = new long[PrefixIndex.MaxMembers]; // tokens given to each member lately

    public PrefixPolicy() : this(RememberedBlocks) { }

    public PrefixPolicy(int rememberedBlocks) => _sent = new PrefixIndex(rememberedBlocks);

    public int RememberedCount => _sent.Count;

    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        ReadOnlySpan<ulong> blocks = AnyUnknown(candidates) ? request.Blocks.Hashes : default;
        Span<int> matched = stackalloc int[PrefixIndex.MaxMembers];
        int last = _sent.Match(blocks, matched);
        var least = new LeastSoFar(chance);
        for (int i = 0; i < candidates.Length; i++)
            least.Offer(i, CostOf(candidates[i], request, matched, last));
        int chosen = least.Index;
        _sent.Add(blocks, candidates[chosen].Id);
        Remember(candidates[chosen].Id, request.PromptTokens);
        return chosen;
    }

    private static bool AnyUnknown(ReadOnlySpan<Candidate> candidates)
    {
        foreach (ref readonly Candidate candidate in candidates)
        {
            if (candidate.CachedTokens is null)
                return true;
        }
        return false;
    }

    private double CostOf(in Candidate candidate, RouteRequest request, ReadOnlySpan<int> matched, int last)
    {
        double cached = candidate.CachedTokens ?? Estimate(candidate.Id, request, matched, last);
        if (cached < request.PromptTokens * LeastShare)
            cached = 0;
        double ahead = candidate.QueuedTokens + (candidate.InFlight * TokensPerAnswer);
        // Among the idle without a match the one that was given least: less than a token's worth, so it decides nothing else.
        double given = candidate.Id < _given.Length ? Volatile.Read(ref _given[candidate.Id]) / (double)(1L << 40) : 0;
        return ((Math.Max(1, request.PromptTokens - cached) + ahead) / candidate.Weight) + given;
    }

    private static double Estimate(int id, RouteRequest request, ReadOnlySpan<int> matched, int last)
    {
        if (id >= matched.Length || request.Blocks.Chars == 0)
            return 0;
        double share = Math.Min(1, (double)matched[id] * ConversationBlocks.BlockChars / request.Blocks.Chars);
        return share * request.PromptTokens * (id == last ? 1 : StillThere);
    }

    private void Remember(int id, int tokens)
    {
        if (id >= _given.Length || Interlocked.Add(ref _given[id], Math.Max(1, tokens)) < 1L << 30)
            return;
        for (int i = 0; i < _given.Length; i++)
            Interlocked.Exchange(ref _given[i], Volatile.Read(ref _given[i]) / 2);
    }
}
