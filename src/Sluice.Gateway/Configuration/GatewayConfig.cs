using System.Collections;

namespace Sluice.Gateway.Configuration;

/// <summary>
/// A whole configuration file, checked: every name that one part says of another exists, every secret was read. Immutable; a change is
/// a new one.
/// </summary>
public sealed record GatewayConfig
{
    public ServerConfig Server { get; init; } = new();

    public required IReadOnlyList<SourceConfig> Sources { get; init; }

    public required IReadOnlyList<PoolConfig> Pools { get; init; }

    public IReadOnlyList<KeyConfig> Keys { get; init; } = [];

    /// <summary>Whether requests without a key are answered; so it is where no keys are configured.</summary>
    public bool Anonymous { get; init; }

    public LimitsConfig Limits { get; init; } = new();

    public TelemetryConfig Telemetry { get; init; } = new();

    /// <summary>Further files that it was read from: of secrets, certificates and plugins.</summary>
    public IEnumerable<string> Files => Sources.Select(source => source.Remote?.Key?.File)
        .Concat(Pools.Select(pool => pool.Plugin?.File)).OfType<string>().Concat(Server.Tls?.Files ?? []);

    /// <summary>Reads a file, and what environment variables say in its place.</summary>
    /// <exception cref="ConfigException">The file cannot be read or is not valid.</exception>
    public static GatewayConfig Load(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path), Environment.GetEnvironmentVariables());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(path, 1, $"the file cannot be read: {e.Message}", e);
        }
    }

    /// <param name="path">For messages, and as the base of relative paths.</param>
    /// <param name="variables">Of the environment; null leaves them out.</param>
    /// <exception cref="ConfigException">It is not valid.</exception>
    public static GatewayConfig Parse(string path, string text, IDictionary? variables = null) =>
        new GatewayConfigReader(new YamlFile(path)).Read(text, variables ?? new Dictionary<string, string>());

    /// <summary>Where and how to listen by the environment alone, for a server without a file.</summary>
    /// <exception cref="ConfigException">A variable is not valid, or is about what only a file can have.</exception>
    public static ServerConfig LoadServer() =>
        new GatewayConfigReader(new YamlFile("environment")).ReadServer(Environment.GetEnvironmentVariables());
}
