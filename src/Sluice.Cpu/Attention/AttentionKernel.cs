namespace Sluice.Cpu.Attention;

/// <summary>Attention over one stored format on one instruction set.</summary>
internal abstract unsafe class AttentionKernel
{
    /// <summary>Queries whose scores are held at once: enough to use each loaded K and V several times, few enough for their scores to stay close.</summary>
    public const int ScoredQueries = 16;

    /// <summary>Slots that a kernel of scores takes at once, and the tokens of a panel: two of the widest registers.</summary>
    protected const int ScoredSlots = 32;

    /// <summary>How far ahead of the scores K is fetched where the split before has not done so: its rows are too short for the processor to see what comes.</summary>
    protected const int FetchedSlots = 2 * ScoredSlots;

    public abstract KvFormat Format { get; }

    /// <summary>Most tokens of a block.</summary>
    public virtual int MostBlockTokens => int.MaxValue;

    /// <summary>Stores the K and V of one token of one head.</summary>
    public abstract void Append(in KvLayout layout, byte* head, int slot, float* k, float* v);

    /// <summary>Working memory of a thread.</summary>
    /// <param name="queries">Most queries of a tile.</param>
    /// <param name="slots">Slots of a split.</param>
    public abstract long WorkBytes(in KvLayout layout, int queries, int slots);

    /// <summary>Brings the queries of a tile into the form that <see cref="Attend"/> reads, in the working memory.</summary>
    public abstract void Prepare(in QueryTile tile, in KvLayout layout, byte* work);

    /// <summary>What one split gives for the queries prepared.</summary>
    /// <param name="slots">Slots of a whole split.</param>
    public abstract void Attend(in QueryTile tile, in KvSplit split, int slots, byte* work, in AttentionPart part);

    /// <summary>Sets a part to that of no position at all.</summary>
    public abstract void Clear(in AttentionPart part, int queries);

    /// <summary>total = total and one more split, as <see cref="Attend"/> leaves it.</summary>
    public abstract void Merge(in QueryTile tile, in AttentionPart total, in AttentionPart part);

    /// <summary>total = total and splits merged already.</summary>
    public abstract void Join(in QueryTile tile, in AttentionPart total, in AttentionPart span);

    /// <summary>Writes a query's result: its weighted sum over its sum.</summary>
    public abstract void Finish(in QueryTile tile, in AttentionPart total, float* y, long yStride);
}
