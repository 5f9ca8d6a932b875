using Sluice.Engine.Requests;
using Sluice.Local.Answers;

namespace Sluice.Local;

/// <param name="Text">The prompt as text, for requests that want it repeated.</param>
/// <param name="Prediction">The answer that the client expects.</param>
/// <param name="Reading">How its answers are read; null where they stay the text they are.</param>
internal sealed record LocalPrompt(Prompt Prompt, string? Text, ReadOnlyMemory<int> Prediction = default, ChatReading? Reading = null);
