using Sluice.Core.Backend;

namespace Sluice.Core.Steps;

/// <summary>One sequence's rows in a step.</summary>
/// <param name="FirstRow">Its first row in the batch.</param>
/// <param name="Rows">How many rows (tokens) it has in this step.</param>
/// <param name="FirstPosition">Absolute position of its first row: the number of positions whose KV was stored already.</param>
/// <param name="Retention">Which of them its tokens see, in layers that have no window of their own.</param>
/// <param name="Adapter">Which adapter its tokens go through, as the model numbers them; 0 for none.</param>
/// <param name="Removed">Positions before the first row whose blocks were taken out of its tables, where blocks are chosen by attention.</param>
public readonly record struct SequenceSlice(
    int FirstRow, int Rows, int FirstPosition, KvRetention Retention, int Adapter = 0, int Removed = 0)
{
    /// <summary>Positions visible to the last row.</summary>
    public int ContextLength => FirstPosition + Rows;

    /// <summary>Place of its first row among the positions that a group's table still has, counted without those removed.</summary>
    public int FirstPlace(KvGroupSpec spec) => spec.Window > 0 ? FirstPosition : FirstPosition - Removed;
}
