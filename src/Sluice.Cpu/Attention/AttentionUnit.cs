namespace Sluice.Cpu.Attention;

/// <summary>A piece of attention that one thread can do alone: one tile of queries.</summary>
/// <param name="Sequence">Index in the batch.</param>
/// <param name="KvHead">KV head.</param>
/// <param name="FirstRow">First batch row of the tile.</param>
/// <param name="Rows">Rows of the tile.</param>
/// <param name="FirstVisible">Positions that the first row sees.</param>
/// <param name="Splits">Splits that the last row sees.</param>
/// <param name="FirstPart">The units' splits counted through: number of this unit's first.</param>
internal readonly record struct AttentionUnit(int Sequence, int KvHead, int FirstRow, int Rows, int FirstVisible, int Splits, int FirstPart);
