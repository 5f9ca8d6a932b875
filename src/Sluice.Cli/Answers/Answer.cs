using Sluice.Protocol.Sources;

namespace Sluice.Cli.Answers;

/// <summary>A finished answer and how long it took.</summary>
/// <param name="FinishReason">stop or length.</param>
/// <param name="FirstToken">From the request to the first text.</param>
/// <param name="Total">From the request to the end.</param>
internal sealed record Answer(string Text, string FinishReason, Usage Usage, TimeSpan FirstToken, TimeSpan Total)
{
    /// <summary>Prompt tokens computed per second.</summary>
    public double PrefillTps => PerSecond(Usage.PromptTokens - Usage.CachedTokens, FirstToken);

    /// <summary>Tokens per second after the first.</summary>
    public double DecodeTps => PerSecond(Usage.CompletionTokens - 1, Total - FirstToken);

    /// <summary>One line for people.</summary>
    public string Statistics => FormattableString.Invariant(
        $"prompt {Usage.PromptTokens} tokens, {PrefillTps:0} tokens/s · first token after {FirstToken.TotalMilliseconds:0} ms · answer {Usage.CompletionTokens} tokens, {DecodeTps:0.0} tokens/s{Proposals}");

    private string Proposals => Usage.AcceptedPredictionTokens + Usage.RejectedPredictionTokens is > 0 and var proposed
        ? $" · {Usage.AcceptedPredictionTokens} of {proposed} proposed tokens came true" : "";

    private static double PerSecond(int tokens, TimeSpan time) => tokens > 0 && time > TimeSpan.Zero ? tokens / time.TotalSeconds : 0;
}
