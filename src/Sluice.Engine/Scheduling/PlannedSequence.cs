namespace Sluice.Engine.Scheduling;

/// <param name="Tokens">Pending tokens to compute in this step, from <see cref="Scheduling.Sequence.Computed"/> on.</param>
internal readonly record struct PlannedSequence(Sequence Sequence, int Tokens)
{
    /// <summary>Whether this step reaches the sequence's end.</summary>
    public bool Completes => Tokens == Sequence.Pending;

    /// <summary>Whether its next token is sampled after this step.</summary>
    public bool Samples => Completes && Sequence.Pooler is null;
}
