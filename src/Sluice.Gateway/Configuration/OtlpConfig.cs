namespace Sluice.Gateway.Configuration;

/// <summary>Where traces and metrics are sent.</summary>
/// <param name="Collector">Its address; over HTTP the paths of the protocol are appended.</param>
/// <param name="Form">How they travel.</param>
public sealed record OtlpConfig(Uri Collector, OtlpForm Form);
