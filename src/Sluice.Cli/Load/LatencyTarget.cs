namespace Sluice.Cli.Load;

/// <summary>What a request has to keep to count as good.</summary>
/// <param name="FirstToken">Longest time to the first token; null for any.</param>
/// <param name="PerToken">Longest mean time of each token after it; null for any.</param>
internal sealed record LatencyTarget(TimeSpan? FirstToken, TimeSpan? PerToken)
{
    public bool IsSet => FirstToken is not null || PerToken is not null;

    /// <summary>Whether a request was answered in time; an answer of one token has no time between tokens to miss.</summary>
    public bool IsMet(MeasuredRequest request) =>
        request.Failure is null
        && !(FirstToken is { } first && !(request.FirstToken <= first))
        && !(PerToken is { } each && request.PerToken > each);

    public override string ToString() => string.Join(" and ", new[]
    {
        FirstToken is { } first ? $"first token within {first.TotalMilliseconds:0.#} ms" : null,
        PerToken is { } each ? $"each further one within {each.TotalMilliseconds:0.#} ms on average" : null,
    }.OfType<string>());
}
