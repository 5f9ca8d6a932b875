namespace Sluice.Gateway.Configuration;

/// <summary>A source that is reached by HTTP.</summary>
public sealed record RemoteConfig
{
    /// <summary>Base address, without a trailing slash; paths of the dialect are appended.</summary>
    public required Uri Url { get; init; }

    /// <summary>Whether the address is taken as it is; else one without a path gets the kind's own.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What authorises at the source; null where nothing does.</summary>
    public Secret? Key { get; init; }

    /// <summary>Names that pools use, and the source's own names for them; where it is empty every name is passed on as it is.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();

    /// <summary>Version of the API, for those kinds that want one; null takes the kind's default.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Whether a host name may lead to a private, loopback or link-local address; an address in the URL itself may.</summary>
    public bool AllowPrivate { get; init; }
}
