namespace Sluice.Gateway.Configuration;

/// <param name="Errors">Share of failures in the window from which a member gets nothing.</param>
/// <param name="Window">How far back failures count.</param>
/// <param name="Open">How long it gets nothing, before one request probes it.</param>
public sealed record BreakerConfig(double Errors, TimeSpan Window, TimeSpan Open)
{
    public BreakerConfig() : this(0.5, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)) { }
}
