using Sluice.Engine.Requests;

namespace Sluice.Local;

/// <param name="Text">The prompt as text, for requests that want it repeated.</param>
internal sealed record LocalPrompt(Prompt Prompt, string? Text);
