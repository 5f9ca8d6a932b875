namespace Sluice.Engine.Requests;

/// <summary>One thing that happened to a generation: a token, or its end.</summary>
/// <param name="Token">The token; -1 on an event that only ends it.</param>
/// <param name="Finish">Why it ended; null while it goes on.</param>
/// <param name="Error">One line, where it failed.</param>
public readonly record struct GenerationEvent(int Token, FinishReason? Finish = null, string? Error = null);
