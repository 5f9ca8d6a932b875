using Sluice.Engine.Requests;

namespace Sluice.Local;

/// <param name="Index">The choice's index in the answer.</param>
/// <param name="Echo">Text to give before the continuation; null for none.</param>
internal sealed record LocalChoice(int Index, LocalPrompt Prompt, Generation Generation, string? Echo);
