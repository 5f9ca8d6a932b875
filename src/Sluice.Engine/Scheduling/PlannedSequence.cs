namespace Sluice.Engine.Scheduling;

/// <param name="Tokens">Pending tokens to compute in this step, from <see cref="Scheduling.Sequence.Computed"/> on.</param>
/// <param name="Decodes">Whether its one token is the one after its last.</param>
/// <param name="Completes">Whether this step reaches the sequence's end.</param>
internal readonly record struct PlannedSequence(Sequence Sequence, int Tokens, bool Decodes, bool Completes)
{
    /// <summary>As things stand before the step.</summary>
    public PlannedSequence(Sequence sequence, int tokens)
        : this(sequence, tokens, sequence.Decodes, tokens == sequence.Pending)
    {
    }

    /// <summary>Whether its next token is sampled after this step.</summary>
    public bool Samples => Completes && Sequence.Pooler is null;
}
