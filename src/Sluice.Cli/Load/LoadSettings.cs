namespace Sluice.Cli.Load;

/// <summary>What a load run is asked to do. Exactly one of <see cref="TraceSettings.Rate"/> and <see cref="Concurrency"/> is set.</summary>
/// <param name="Concurrency">Clients of a closed loop; null for an open one.</param>
/// <param name="Duration">How long requests are sent; those sent are waited for.</param>
internal sealed record LoadSettings(TraceSettings Trace, int? Concurrency, TimeSpan Duration, LatencyTarget Target)
{
    public string Mode => Concurrency is { } clients
        ? $"{clients} clients, each one request at a time"
        : $"{Trace.Rate:0.###} requests/s, Poisson";
}
