namespace Sluice.Engine.Scheduling;

/// <param name="Tokens">
/// Tokens to compute in this step, from <see cref="Scheduling.Sequence.Computed"/> on: pending ones, then those of its draft.
/// </param>
/// <param name="Decodes">Whether its one token is the one after its last.</param>
/// <param name="Completes">Whether this step reaches the sequence's end.</param>
/// <param name="Drafted">How many of them are of its draft.</param>
internal readonly record struct PlannedSequence(Sequence Sequence, int Tokens, bool Decodes, bool Completes, int Drafted = 0)
{
    /// <summary>As things stand before the step.</summary>
    public PlannedSequence(Sequence sequence, int tokens)
        : this(sequence, tokens, sequence.Decodes, tokens == sequence.Pending)
    {
    }

    /// <summary>Rows whose logits are wanted: that of its last token, and those of the draft behind it.</summary>
    public int Outputs => Samples ? 1 + Drafted : 0;

    /// <summary>Whether its next token is sampled after this step.</summary>
    public bool Samples => Completes && Sequence.Pooler is null;
}
