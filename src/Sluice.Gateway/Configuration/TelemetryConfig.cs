namespace Sluice.Gateway.Configuration;

/// <param name="Log">How each request and what goes wrong is logged; null logs only what goes wrong, as text.</param>
/// <param name="Metrics">Whether /metrics is there.</param>
public sealed record TelemetryConfig(LogForm? Log = null, bool Metrics = true);
