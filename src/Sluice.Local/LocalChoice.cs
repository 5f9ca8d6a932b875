using Sluice.Engine.Requests;

namespace Sluice.Local;

/// <param name="Index">The choice's index in the answer.</param>
internal sealed record LocalChoice(int Index, LocalPrompt Prompt, Generation Generation);
