namespace Sluice.Gateway.Configuration;

/// <param name="Urls">Where to listen; null leaves it to the server.</param>
/// <param name="MaxBodyBytes">Largest request body; null leaves it to the server.</param>
/// <param name="Tls">What encrypts; null listens without.</param>
public sealed record ServerConfig(IReadOnlyList<string>? Urls = null, long? MaxBodyBytes = null, TlsConfig? Tls = null);
