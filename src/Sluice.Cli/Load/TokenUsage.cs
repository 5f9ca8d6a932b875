namespace Sluice.Cli.Load;

/// <summary>What a server said that a request took.</summary>
/// <param name="CachedTokens">Prompt tokens that were not computed again; 0 where it does not say.</param>
internal readonly record struct TokenUsage(int PromptTokens, int CompletionTokens, int CachedTokens);
