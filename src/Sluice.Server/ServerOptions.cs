using System.ComponentModel.DataAnnotations;

namespace Sluice.Server;

/// <summary>Everything about the server that can be set. One home: file, environment and flags bind to this record.</summary>
public sealed record ServerOptions
{
    /// <summary>Where to listen, such as <c>http://127.0.0.1:8080</c>; port 0 takes a free one.</summary>
    [Required, MinLength(1)]
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>Largest request body in bytes; a larger one gets 413.</summary>
    [Range(1024, 1L << 30)]
    public long MaxBodyBytes { get; init; } = 20_000_000;

    /// <summary>Largest sum of request headers in bytes; more gets 431.</summary>
    [Range(1024, 1 << 20)]
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Connections at one time; a further one is closed at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>How long running requests may go on after the server was told to stop; what still runs then ends with an error.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
