using Sluice.Engine.Requests;

namespace Sluice.Local;

/// <param name="Text">The prompt as text, for requests that want it repeated.</param>
/// <param name="Prediction">The answer that the client expects.</param>
internal sealed record LocalPrompt(Prompt Prompt, string? Text, ReadOnlyMemory<int> Prediction = default);
