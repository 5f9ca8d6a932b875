using Sluice.Engine.Requests;
using Sluice.Local.Answers;

namespace Sluice.Local;

/// <param name="Index">The choice's index in the answer.</param>
/// <param name="Answer">Tells apart what it says.</param>
internal sealed record LocalChoice(int Index, LocalPrompt Prompt, Generation Generation, LocalAnswer Answer);
