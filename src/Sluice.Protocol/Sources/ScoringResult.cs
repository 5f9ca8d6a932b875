namespace Sluice.Protocol.Sources;

/// <param name="Labels">One for each label of the request, in its order.</param>
/// <param name="Usage">The prompt's tokens, and as completion those of the labels that were computed: what labels begin with in common
/// counts once.</param>
public sealed record ScoringResult(IReadOnlyList<LabelScore> Labels, Usage Usage)
{
    /// <summary>The most likely label; of equals the first.</summary>
    public LabelScore Best => Labels.MaxBy(label => label.Logprob)!;
}
