namespace Sluice.Protocol.Sources;

/// <param name="PromptTokens">Tokens of the prompt, cached ones included.</param>
/// <param name="CompletionTokens">Tokens generated over all choices.</param>
/// <param name="CachedTokens">Prompt tokens that were not computed again.</param>
public sealed record Usage(int PromptTokens, int CompletionTokens, int CachedTokens)
{
    /// <summary>Tokens of the answers that had been proposed ahead and came true.</summary>
    public int AcceptedPredictionTokens { get; init; }

    /// <summary>Tokens that were proposed ahead in vain.</summary>
    public int RejectedPredictionTokens { get; init; }

    public int TotalTokens => PromptTokens + CompletionTokens;
}
