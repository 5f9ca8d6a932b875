namespace Sluice.Gateway.Configuration;

/// <summary>How much may be asked for; null is unlimited.</summary>
public sealed record RateConfig
{
    public double? RequestsPerSecond { get; init; }

    public double? RequestsPerMinute { get; init; }

    /// <summary>Prompt and answer together: estimated when a request begins, settled when it ends.</summary>
    public double? TokensPerMinute { get; init; }

    /// <summary>Requests at one time.</summary>
    public int? Concurrency { get; init; }
}
