using Sluice.Pipe.Asking;

namespace Sluice.Pipe.Output;

/// <summary>What became of one record.</summary>
/// <param name="Answer">Of an answered record.</param>
/// <param name="Problem">Of a failed one: one sentence.</param>
public sealed record Outcome(OutcomeKind Kind, Answer? Answer = null, string? Problem = null)
{
    public static Outcome Blank { get; } = new(OutcomeKind.Blank);

    /// <summary>Whether a source was asked for this record now; else the answer is from the journal, a cache, or of a twin.</summary>
    public bool WasAsked { get; init; }

    /// <summary>Whether the answer's pieces were shown while it was being written.</summary>
    public bool WasShown { get; init; }

    public static Outcome Failed(string problem) => new(OutcomeKind.Failed, Problem: problem);

    /// <summary>How it ended, in the word that outputs use.</summary>
    public string Status => Kind switch
    {
        OutcomeKind.Failed => "failed",
        OutcomeKind.Blank => "blank",
        _ when Answer!.Text.Length == 0 => "empty",
        _ when Answer.IsCutOff => "truncated",
        _ => "ok",
    };
}
