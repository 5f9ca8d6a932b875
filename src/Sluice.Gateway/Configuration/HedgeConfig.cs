namespace Sluice.Gateway.Configuration;

/// <summary>A second source is asked where the first keeps silent for long; the first to speak answers.</summary>
/// <param name="Percentile">Silence longer than this share of recent first tokens, 0 to 1; null where a time is given.</param>
/// <param name="Delay">Silence longer than this; null where a percentile is given.</param>
public sealed record HedgeConfig(double? Percentile, TimeSpan? Delay);
