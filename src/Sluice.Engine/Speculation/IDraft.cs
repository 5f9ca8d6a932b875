using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Speculation;

/// <summary>
/// One way of proposing what sequences may go on with. Proposals cost time where they are wrong and change nothing else: whatever is
/// proposed, the tokens drawn are those that would have been drawn without. For the engine's thread, between two steps.
/// </summary>
internal interface IDraft : IDisposable
{
    /// <summary>What one proposed token takes, in ms as of late.</summary>
    double TokenMs { get; }

    /// <summary>Tokens of a sequence that would have to be computed before anything could be proposed for it.</summary>
    int Lag(Sequence sequence);

    /// <summary>
    /// Guesses, for each sequence, up to as many tokens as its <see cref="DraftRecord.Wanted"/> says; fewer, or none, where there is
    /// nothing to guess by.
    /// </summary>
    void Propose(IReadOnlyList<Sequence> sequences);
}
