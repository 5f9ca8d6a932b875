using Sluice.Engine.Requests;

namespace Sluice.Engine.Labels;

/// <summary>A submitted <see cref="LabelRequest"/>, seen by its reader. Dispose it, or abort, when nobody reads any more.</summary>
public sealed class LabelGeneration : IDisposable
{
    private readonly Generation _generation;
    private readonly LabelScorer _scorer;

    internal LabelGeneration(Generation generation, LabelScorer scorer)
    {
        _generation = generation;
        _scorer = scorer;
    }

    /// <inheritdoc cref="Generation.CachedTokens"/>
    public int CachedTokens => _generation.CachedTokens;

    /// <summary>Tokens of all labels; what several begin with in common counts once.</summary>
    public int LabelTokens => _scorer.Tree.Count - 1;

    /// <summary>
    /// Waits for the end. Where that is <see cref="FinishReason.Scored"/>, it comes with the natural logarithm of each label's probability.
    /// Cancelling aborts the work.
    /// </summary>
    public async Task<(GenerationEvent End, IReadOnlyList<double> Logprobs)> ReadAsync(CancellationToken cancellation = default)
    {
        using var _ = _generation; // aborts on every way out; after the finish that is nothing
        await using var registration = cancellation.UnsafeRegister(static g => ((Generation)g!).Abort(), _generation);
        await foreach (var e in _generation.ReadAllAsync(cancellation).ConfigureAwait(false))
            return (e, e.Finish == FinishReason.Scored ? _scorer.Logprobs : []);
        throw new InvalidOperationException("the generation's events were read before");
    }

    public void Dispose() => _generation.Dispose();
}
