using Sluice.Cli.Answers;

namespace Sluice.Cli.Bench;

/// <summary>The same answers without drafts and with them.</summary>
/// <param name="Tokens">Generated after each answer's first.</param>
/// <param name="Accepted">Proposed tokens that came true.</param>
/// <param name="Proposed">Proposed tokens that were computed.</param>
internal readonly record struct DraftPair(int Tokens, double PlainSeconds, double DraftedSeconds, int Accepted, int Proposed)
{
    public double PlainTps => Tokens / PlainSeconds;

    public double DraftedTps => Tokens / DraftedSeconds;

    public double Ratio => PlainSeconds / DraftedSeconds;

    public DraftPair With(Answer plain, Answer drafted) => new(
        Tokens + plain.Usage.CompletionTokens - 1,
        PlainSeconds + (plain.Total - plain.FirstToken).TotalSeconds,
        DraftedSeconds + (drafted.Total - drafted.FirstToken).TotalSeconds,
        Accepted + drafted.Usage.AcceptedPredictionTokens,
        Proposed + drafted.Usage.AcceptedPredictionTokens + drafted.Usage.RejectedPredictionTokens);
}
