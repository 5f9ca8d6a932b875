namespace Sluice.Protocol.Requests;

/// <summary>What the client says about a model's thinking aloud before it answers. Null leaves it to the model.</summary>
public sealed record ThinkingOptions
{
    /// <summary>Whether it thinks at all.</summary>
    public bool? Enabled { get; init; }

    /// <summary>How hard, in the words that its template knows: minimal, low, medium, high, …</summary>
    public string? Effort { get; init; }

    /// <summary>Most tokens of it, at least 0; then its end is forced and the answer begins.</summary>
    public int? BudgetTokens { get; init; }

    /// <summary>Whether it stays in the text, tags and all, instead of being told apart from it.</summary>
    public bool InText { get; init; }
}
