namespace Sluice.Pipe.Asking;

/// <summary>What every request of a run has in common, beside its prompt.</summary>
public sealed record AskSettings
{
    /// <summary>The model's name as the source knows it.</summary>
    public required string Model { get; init; }

    /// <summary>0 (always the most likely token) to 2.</summary>
    public float Temperature { get; init; }

    /// <summary>Most tokens of an answer; null leaves it to the source.</summary>
    public int? MaxTokens { get; init; }

    public long? Seed { get; init; }

    /// <summary>
    /// Whether a router of providers is told to take only those that follow every parameter: else one that ignores the shape may be chosen.
    /// </summary>
    public bool RequireParameters { get; init; }
}
