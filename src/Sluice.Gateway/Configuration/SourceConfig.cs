namespace Sluice.Gateway.Configuration;

/// <summary>Something that answers prompts. Exactly one of <see cref="Engine"/> and <see cref="Remote"/> is set.</summary>
public sealed record SourceConfig
{
    public required string Name { get; init; }

    public required SourceKind Kind { get; init; }

    /// <summary>Where it stands in the file, for messages.</summary>
    public int Line { get; init; }

    /// <summary>The same as long as the source is the same: what a reload leaves alone. Secrets are in it as their hash.</summary>
    public string Fingerprint { get; init; } = "";

    public EngineConfig? Engine { get; init; }

    /// <summary>Of a <see cref="Managed"/> server all but the port, which each replica gets when it starts.</summary>
    public RemoteConfig? Remote { get; init; }

    /// <summary>How the server is started; null where somebody else does that.</summary>
    public ManagedConfig? Managed { get; init; }

    /// <summary>What it may be asked at most; null parts are unlimited.</summary>
    public RateConfig Limits { get; init; } = new();

    /// <summary>By the names that pools use for its models.</summary>
    public IReadOnlyDictionary<string, PriceConfig> Prices { get; init; } = new Dictionary<string, PriceConfig>();

    public TimeoutConfig Timeouts { get; init; } = new();

    /// <summary>How it is probed; null where only the answers tell.</summary>
    public HealthConfig? Health { get; init; }
}
