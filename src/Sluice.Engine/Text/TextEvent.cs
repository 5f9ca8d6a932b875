using Sluice.Engine.Requests;

namespace Sluice.Engine.Text;

/// <summary>A generation as text.</summary>
/// <param name="Text">What became certain; may be empty.</param>
/// <param name="Tokens">Tokens generated so far.</param>
/// <param name="Finish">Why it ended; null while it goes on.</param>
/// <param name="Fault">What happened, where it failed; its message is for operators.</param>
/// <param name="Scores">
/// How likely the tokens were that came since the event before, but for one that ends the answer; null where not asked for.
/// </param>
public readonly record struct TextEvent(
    string Text, int Tokens, FinishReason? Finish = null, Exception? Fault = null,
    IReadOnlyList<TokenScores>? Scores = null)
{
    /// <summary>The stop string that ended it; null where something else did.</summary>
    public string? StopString { get; init; }
}
