namespace Sluice.Cpu.Attention;

/// <summary>A piece of attention that one thread can do alone: one tile of queries.</summary>
/// <param name="Sequence">Index in the batch.</param>
/// <param name="KvHead">KV head.</param>
/// <param name="FirstRow">First batch row of the tile.</param>
/// <param name="Rows">Rows of the tile.</param>
/// <param name="FirstVisible">Positions that the first row sees.</param>
/// <param name="SinkSplits">Splits that hold sinks and lie wholly before <paramref name="FirstSplit"/>.</param>
/// <param name="FirstSplit">The first split after the sinks of which the first row sees anything.</param>
/// <param name="Splits">How many splits any of the rows sees: those of the sinks, then those from <paramref name="FirstSplit"/> on.</param>
/// <param name="FirstPart">The units' spans counted through: number of this unit's first.</param>
internal readonly record struct AttentionUnit(int Sequence, int KvHead, int FirstRow, int Rows, int FirstVisible, int SinkSplits, int FirstSplit, int Splits,
    int FirstPart)
{
    /// <summary>
    /// Splits of a span, counted from position 0: these are merged first, by one thread, and spans then. A split that a query does not see adds nothing, so
    /// where a tile begins does not show in the result.
    /// </summary>
    public const int SpanSplits = 4;

    /// <summary>Spans that hold splits of sinks alone.</summary>
    private int SinkSpans => Math.Min((SinkSplits + SpanSplits - 1) / SpanSplits, FirstSplit / SpanSplits);

    public int Spans => SinkSpans + (FirstSplit + Splits - SinkSplits - 1) / SpanSplits - FirstSplit / SpanSplits + 1;

    /// <summary>Number of the <paramref name="index"/>-th split that it sees, counted from position 0.</summary>
    public int Split(int index) => index < SinkSplits ? index : FirstSplit + index - SinkSplits;

    /// <summary>Which of its splits the <paramref name="index"/>-th of its spans holds: from the first up to the end, and that is not among them.</summary>
    public (int First, int End) Span(int index)
    {
        int span = index < SinkSpans ? index : FirstSplit / SpanSplits + index - SinkSpans;
        return (IndexOf(span * SpanSplits), IndexOf((span + 1) * SpanSplits));
    }

    /// <summary>How many of its splits come before split <paramref name="split"/>.</summary>
    private int IndexOf(int split) => Math.Min(split, SinkSplits) + Math.Clamp(split - FirstSplit, 0, Splits - SinkSplits);
}
