using System.Security.Cryptography;
using Sluice.Gateway.Configuration;
using Sluice.Server;
using Sluice.Server.Access;

namespace Sluice.Cli.Pools;

/// <summary>What a configuration says of the server, as the server takes it.</summary>
internal static class ServedOptions
{
    /// <param name="urls">Where to listen; null takes what the configuration says.</param>
    /// <exception cref="UsageException">The certificate cannot be used.</exception>
    public static ServerOptions Of(ServerConfig config, IReadOnlyList<string>? urls)
    {
        var defaults = new ServerOptions();
        return defaults with
        {
            Urls = urls ?? config.Urls ?? defaults.Urls,
            MaxBodyBytes = config.MaxBodyBytes ?? defaults.MaxBodyBytes,
            Tls = config.Tls is { } tls ? TlsOf(tls) : null,
        };
    }

    /// <exception cref="UsageException">The certificate cannot be used.</exception>
    public static ServerTls TlsOf(TlsConfig config)
    {
        try
        {
            return ServerTls.FromPem(config.Certificate.Reveal(), config.Key.Reveal(), config.ClientCa?.Reveal());
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            string clients = config.ClientCa is { } ca ? $" and {ca}" : "";
            throw new UsageException($"server.tls: {config.Certificate}, {config.Key}{clients} cannot be used: {fault.Message}");
        }
    }
}
