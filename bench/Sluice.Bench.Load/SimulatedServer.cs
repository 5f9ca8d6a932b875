namespace Sluice.Bench.Load;

/// <summary>
/// A server as a queue: prompts are computed one after the other at a rate, but for the blocks it has cached; answers go on beside them,
/// each step a little slower for every answer in progress. The cache forgets the blocks that were used longest ago.
/// </summary>
/// <param name="promptRate">Prompt tokens per second.</param>
/// <param name="stepSeconds">Time of a token of an answer alone.</param>
/// <param name="cacheBlocks">Blocks it can keep.</param>
internal sealed class SimulatedServer(SimulatedClock clock, double promptRate, double stepSeconds, int cacheBlocks)
{
    // What one more answer in the batch adds to a step.
    private const double BatchCost = 0.03;

    private readonly Dictionary<ulong, LinkedListNode<ulong>> _cached = [];
    private readonly LinkedList<ulong> _recent = new();
    private double _freeAt;
    private int _answering;

    /// <summary>Prompt tokens whose computing has not ended.</summary>
    public double QueuedTokens => Math.Max(0, _freeAt - clock.Now) * promptRate;

    /// <summary>Prompt tokens that were cached, of all that came.</summary>
    public long HitTokens { get; private set; }

    public long PromptTokens { get; private set; }

    public int CachedTokens(SimulatedRequest request)
    {
        int blocks = 0;
        while (blocks < request.Blocks.Length && _cached.ContainsKey(request.Blocks[blocks]))
            blocks++;
        return Math.Min(blocks * SimulatedRequest.TokensPerBlock, request.PromptTokens - 1);
    }

    /// <param name="begun">Called at the first token.</param>
    /// <param name="ended">Called at the last.</param>
    public void Run(SimulatedRequest request, Action begun, Action ended)
    {
        int cached = CachedTokens(request);
        HitTokens += cached;
        PromptTokens += request.PromptTokens;
        _freeAt = Math.Max(clock.Now, _freeAt) + ((request.PromptTokens - cached) / promptRate);
        clock.At(_freeAt, () =>
        {
            Remember(request.Blocks);
            begun();
            _answering++;
            double step = stepSeconds * (1 + (BatchCost * _answering));
            clock.At(clock.Now + (request.AnswerTokens * step), () =>
            {
                _answering--;
                ended();
            });
        });
    }

    private void Remember(ulong[] blocks)
    {
        foreach (ulong block in blocks.Reverse()) // the beginning is the most recent: it serves most
        {
            if (_cached.Remove(block, out LinkedListNode<ulong>? known))
                _recent.Remove(known);
            _cached[block] = _recent.AddFirst(block);
        }
        while (_cached.Count > cacheBlocks)
        {
            _cached.Remove(_recent.Last!.Value);
            _recent.RemoveLast();
        }
    }
}
