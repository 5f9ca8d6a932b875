namespace Sluice.Gateway.Configuration;

/// <summary>Asks a source regularly whether it is well.</summary>
/// <param name="Path">Appended to the source's URL; null takes the kind's own.</param>
/// <param name="Fall">Failed probes in a row after which it gets no requests.</param>
/// <param name="Rise">Good probes in a row after which it gets requests again.</param>
public sealed record HealthConfig(string? Path, TimeSpan Every, int Fall, int Rise);
