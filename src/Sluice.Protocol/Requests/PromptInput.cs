namespace Sluice.Protocol.Requests;

/// <summary>A plain prompt: text, or token ids taken as they are. Exactly one is set.</summary>
public readonly record struct PromptInput(string? Text, int[]? Tokens);
