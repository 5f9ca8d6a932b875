namespace Sluice.Gateway.Configuration;

/// <param name="Certificate">The server's certificate and those between it and its issuer, as PEM.</param>
/// <param name="Key">Its private key, as PEM.</param>
/// <param name="ClientCa">Certificates that clients' must come from, as PEM; null lets in clients without one.</param>
public sealed record TlsConfig(Secret Certificate, Secret Key, Secret? ClientCa = null)
{
    /// <summary>Files that it was read from.</summary>
    public IEnumerable<string> Files => new[] { Certificate.File, Key.File, ClientCa?.File }.OfType<string>();
}
