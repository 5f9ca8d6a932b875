namespace Sluice.Gateway.Configuration;

/// <param name="Log">How each request and what goes wrong is logged; null logs only what goes wrong, as text.</param>
/// <param name="Metrics">Whether /metrics is there.</param>
/// <param name="Otlp">Where traces and metrics are sent; null sends them nowhere.</param>
public sealed record TelemetryConfig(LogForm? Log = null, bool Metrics = true, OtlpConfig? Otlp = null);
