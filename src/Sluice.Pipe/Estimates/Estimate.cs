namespace Sluice.Pipe.Estimates;

/// <summary>What a run over an input would come to.</summary>
public sealed record Estimate
{
    public required Survey Survey { get; init; }

    /// <summary>Records that were asked about, and those of them that failed.</summary>
    public int Sampled { get; init; }

    public int SampleFailed { get; init; }

    /// <summary>Tokens of all prompts.</summary>
    public required Interval PromptTokens { get; init; }

    /// <summary>Tokens of all answers; null where nothing was asked that tells.</summary>
    public Interval? AnswerTokens { get; init; }

    /// <summary>USD; null where there is no price. Without <see cref="AnswerTokens"/> of prompts alone.</summary>
    public Interval? Cost { get; init; }

    /// <summary>How long it would take; null where nothing was asked that tells, and no rate holds it up.</summary>
    public Interval? Seconds { get; init; }
}
