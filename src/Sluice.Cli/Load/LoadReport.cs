namespace Sluice.Cli.Load;

/// <summary>What a load run found.</summary>
/// <param name="Requests">In order of arrival.</param>
/// <param name="Window">
/// How long requests were sent: throughput is counted within it, so that neither the end's emptying server nor a last straggler dilutes it.
/// </param>
/// <param name="Interrupted">Whether it was broken off; what still ran then counts as neither answered nor failed.</param>
internal sealed record LoadReport(
    LoadSettings Settings, Uri Url, string Model, TokenScale Scale, IReadOnlyList<MeasuredRequest> Requests, TimeSpan Window,
    bool Interrupted)
{
    /// <summary>Requests that ended by themselves.</summary>
    public IReadOnlyList<MeasuredRequest> Ended { get; } = [.. Requests.Where(request => request.Failure?.Kind != LoadFailure.Interrupted)];

    public IReadOnlyList<MeasuredRequest> Answered { get; } = [.. Requests.Where(request => request.Failure is null)];

    /// <summary>How many requests failed in which way, the most frequent first, each with the first message of its kind.</summary>
    public IReadOnlyList<(string Kind, int Count, string Message)> Failures => [..
        from failure in Ended.Select(request => request.Failure).OfType<LoadFailure>()
        group failure by failure.Kind into kind
        orderby kind.Count() descending, kind.Key
        select (kind.Key, kind.Count(), kind.First().Message)];

    public Distribution FirstToken => field ??= FirstTokenOf(Answered);

    /// <summary>Time between two pieces of text of one answer, over all answers.</summary>
    public Distribution BetweenTokens => field ??= Distribution.OfMilliseconds(
        Answered.SelectMany(request => request.Pieces.Zip(request.Pieces.Skip(1), (one, next) => next - one)));

    public Distribution PerToken => field ??= Distribution.OfMilliseconds(Answered.Select(request => request.PerToken).OfType<TimeSpan>());

    public Distribution Latency => field ??= Distribution.OfMilliseconds(Answered.Select(request => request.Latency));

    /// <summary>How long after its time the generator itself sent a request.</summary>
    public Distribution Lateness => field ??= Distribution.OfMilliseconds(Requests.Select(request => request.Lateness));

    /// <summary>Tokens of text per second that arrived while requests were sent.</summary>
    public double OutputTps => TokenFlow.Of(Requests).Where(piece => piece.At <= Window).Sum(piece => piece.Tokens) / Window.TotalSeconds;

    public double RequestRate => Answered.Count(request => request.Ended <= Window) / Window.TotalSeconds;

    /// <summary>Requests that were answered within the target.</summary>
    public int Good => Answered.Count(Settings.Target.IsMet);

    public double GoodShare => Ended.Count == 0 ? double.NaN : (double)Good / Ended.Count;

    /// <summary>Requests answered within the target, per second in which requests were sent.</summary>
    public double Goodput => Answered.Count(request => request.Ended <= Window && Settings.Target.IsMet(request)) / Window.TotalSeconds;

    public long PromptTokens => Answered.Sum(request => (long)(request.Usage?.PromptTokens ?? 0));

    public long CachedTokens => Answered.Sum(request => (long)(request.Usage?.CachedTokens ?? 0));

    public long OutputTokens => Answered.Sum(request => (long)request.OutputTokens);

    /// <summary>The first token's time by range of prompt lengths; empty where there is only one range.</summary>
    public IReadOnlyList<(LengthRange Prompt, Distribution FirstToken)> ByPrompt => Settings.Trace.Prompt.Ranges is { Count: > 1 } ranges
        ? [.. ranges.Select((range, index) => (range, FirstTokenOf(Answered.Where(request => request.Plan.PromptRange == index))))]
        : [];

    private static Distribution FirstTokenOf(IEnumerable<MeasuredRequest> requests) =>
        Distribution.OfMilliseconds(requests.Select(request => request.FirstToken).OfType<TimeSpan>());
}
