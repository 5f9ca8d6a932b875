namespace Sluice.Gateway.Configuration;

/// <param name="JsonLog">Whether the log is JSON, one object a line.</param>
/// <param name="Metrics">Whether /metrics is there.</param>
public sealed record TelemetryConfig(bool JsonLog = false, bool Metrics = true);
