namespace Sluice.Gateway.Configuration;

/// <summary>Limits of the whole server.</summary>
public sealed record LimitsConfig
{
    public RateConfig Rates { get; init; } = new();

    /// <summary>Requests that wait for a place at most; 0 refuses at once.</summary>
    public int QueueLength { get; init; } = 1000;

    /// <summary>How long one waits at most.</summary>
    public TimeSpan QueueWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the number of requests at one time follows how long answers take.</summary>
    public bool Adaptive { get; init; }
}
