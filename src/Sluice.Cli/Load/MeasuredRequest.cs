namespace Sluice.Cli.Load;

/// <summary>What became of one request. All times are from the start of the run.</summary>
/// <param name="Due">When it was to be sent: latencies count from here, so that a generator or server that falls
/// behind cannot hide it.</param>
/// <param name="Sent">When it was.</param>
/// <param name="Pieces">When each piece of its text came.</param>
/// <param name="Ended">When it had ended, well or not.</param>
/// <param name="Usage">Null where the server did not say.</param>
/// <param name="Failure">Null where the answer is whole.</param>
internal sealed record MeasuredRequest(
    PlannedRequest Plan, TimeSpan Due, TimeSpan Sent, IReadOnlyList<TimeSpan> Pieces, TimeSpan Ended, TokenUsage? Usage,
    LoadFailure? Failure)
{
    /// <summary>Tokens that its text came to: the server's count, else one for each piece.</summary>
    public int OutputTokens => Usage is { CompletionTokens: > 0 } usage ? usage.CompletionTokens : Pieces.Count;

    public TimeSpan Lateness => Sent - Due;

    /// <summary>From when it was due to its first text; null where none came.</summary>
    public TimeSpan? FirstToken => Pieces.Count > 0 ? Pieces[0] - Due : null;

    /// <summary>Mean time of a token after the first; null where there is only one.</summary>
    public TimeSpan? PerToken => Pieces.Count > 1 && OutputTokens > 1 ? (Pieces[^1] - Pieces[0]) / (OutputTokens - 1) : null;

    public TimeSpan Latency => Ended - Due;
}
