namespace Sluice.Engine.Requests;

/// <summary>One thing that happened to a generation: a token, or its end.</summary>
/// <param name="Token">The token; -1 on an event that only ends it.</param>
/// <param name="Finish">Why it ended; null while it goes on.</param>
/// <param name="Fault">What happened, where it failed; its message is for operators.</param>
/// <param name="Embedding">The pooled hidden states, as wide as the model; on the end of a request that asked for
/// them and got them.</param>
/// <param name="Scores">How likely the token was; where the request asked for it.</param>
public readonly record struct GenerationEvent(
    int Token, FinishReason? Finish = null, Exception? Fault = null, float[]? Embedding = null,
    TokenScores? Scores = null);
