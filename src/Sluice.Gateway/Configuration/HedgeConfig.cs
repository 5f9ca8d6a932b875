namespace Sluice.Gateway.Configuration;

/// <summary>A second source is asked where the first keeps silent for long; the first to speak answers.</summary>
/// <param name="Percentile">Silence longer than this share of recent first tokens, 0 to 1; null where a time is given.</param>
/// <param name="Delay">Silence longer than this; null where a percentile is given.</param>
public sealed record HedgeConfig(double? Percentile, TimeSpan? Delay)
{
    /// <summary>
    /// Whether answers in one body are hedged too, by <see cref="Percentile"/> of the time that they take. Only for requests that are
    /// alike: else those with long answers look slow.
    /// </summary>
    public bool OfAlike { get; init; }

    /// <summary>
    /// Whether a remote member is asked once more itself where there is no other: behind one address are often many machines.
    /// </summary>
    public bool AsksSameAgain { get; init; }

    /// <summary>
    /// Most hedges as a share of requests, beside one a second and more where answers are quick; null leaves that to the retries' budget.
    /// </summary>
    public double? Budget { get; init; }
}
