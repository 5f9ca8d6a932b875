namespace Sluice.Engine.Scheduling;

/// <param name="Tokens">Pending tokens to compute in this step, from <see cref="Scheduling.Sequence.Computed"/> on.</param>
internal readonly record struct PlannedSequence(Sequence Sequence, int Tokens)
{
    /// <summary>Whether this step reaches the sequence's end, so that its next token can be sampled.</summary>
    public bool Samples => Tokens == Sequence.Pending;
}
