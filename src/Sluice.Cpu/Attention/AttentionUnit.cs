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
/// <param name="FirstPart">The units' splits counted through: number of this unit's first.</param>
internal readonly record struct AttentionUnit(int Sequence, int KvHead, int FirstRow, int Rows, int FirstVisible, int SinkSplits, int FirstSplit, int Splits,
    int FirstPart)
{
    /// <summary>Number of the <paramref name="index"/>-th split that it sees, counted from position 0.</summary>
    public int Split(int index) => index < SinkSplits ? index : FirstSplit + index - SinkSplits;
}
