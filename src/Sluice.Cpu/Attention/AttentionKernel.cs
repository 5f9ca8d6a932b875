namespace Sluice.Cpu.Attention;

/// <summary>Attention over one stored format on one instruction set.</summary>
internal abstract unsafe class AttentionKernel
{
    public abstract int ElementBytes { get; }

    /// <summary>Stores the K and V of one token of one head.</summary>
    public abstract void Append(in KvLayout layout, byte* head, int slot, float* k, float* v);

    /// <summary>Sets a part to that of no position at all.</summary>
    public abstract void Clear(in AttentionPart part, int queries);

    /// <summary>
    /// Scores of a tile's queries against one block: <paramref name="scores"/>[t · stride + slot] = scale · q · k, or minus infinity where the query
    /// does not see the slot.
    /// </summary>
    /// <param name="widened">Room for the K or V of a block in F32, whichever is larger.</param>
    public abstract void Score(in QueryTile tile, in KvLayout layout, byte* head, int firstPosition, float* scores, int stride, float* widened);

    /// <summary>Turns scores into exponentials below their greatest, and notes that and their sum in the part.</summary>
    public abstract void Exponentiate(in QueryTile tile, float* scores, int stride, int slots, in AttentionPart part);

    /// <summary>Adds a block's V, weighted by its exponentials, to the part.</summary>
    public abstract void Weigh(
        in QueryTile tile, in KvLayout layout, byte* head, int firstPosition, float* scores, int stride, float* widened, in AttentionPart part);

    /// <summary>total = total and part merged.</summary>
    public abstract void Merge(in QueryTile tile, in AttentionPart total, in AttentionPart part);

    /// <summary>Writes a query's result: its weighted sum over its sum.</summary>
    public abstract void Finish(in QueryTile tile, in AttentionPart total, float* y, long yStride);
}
