using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Configuration;
using Sluice.Server.Access;

namespace Sluice.Server;

/// <summary>Everything about the server that can be set. One home: file, environment and flags bind to this record.</summary>
public sealed record ServerOptions : IValidatableObject
{
    private const string UrlForm =
        "write it as http://127.0.0.1:8080, with an IP address, localhost or * as host; https:// takes a certificate";

    private static readonly TimeSpan LongestDrain = TimeSpan.FromDays(1);

    /// <summary>Where to listen, such as <c>http://127.0.0.1:8080</c>; port 0 takes a free one, <c>*</c> as host all interfaces.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>With it every address is encrypted, one that is written as http:// too; null encrypts none.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>Largest request body in bytes; a larger one gets 413.</summary>
    [Range(1024, 1L << 30)]
    public long MaxBodyBytes { get; init; } = 20_000_000;

    /// <summary>Largest sum of request headers in bytes; more gets 431.</summary>
    [Range(8 * 1024, 1 << 20)]
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Connections at one time; a further one is closed at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Whether clients may load adapters from files that this process can read, and unload them.</summary>
    public bool AllowAdapterLoading { get; init; }

    /// <summary>
    /// How long running requests may go on after the server was told to stop, at most a day; what still runs then ends with an error.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether each request is logged when it has been answered.</summary>
    public bool LogRequests { get; init; }

    /// <summary>Whether the log is JSON, one object a line, without secrets.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Whether /metrics is there.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Where traces and metrics are sent; null sends them nowhere.</summary>
    public OtlpConfig? Otlp { get; init; }

    /// <summary>What no attribute says without reflection. Called with the attributes' ranges, at start.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Urls.Count == 0)
            yield return new ValidationResult("Urls: at least one is needed, such as http://127.0.0.1:8080.", [nameof(Urls)]);
        foreach (string url in Urls.Where(url => !IsListenable(url)))
            yield return new ValidationResult($"Urls: '{url}' is no address to listen on; {UrlForm}.", [nameof(Urls)]);
        if (DrainTimeout < TimeSpan.Zero || DrainTimeout > LongestDrain)
            yield return new ValidationResult("DrainTimeout: it must be between 0 and 24 hours.", [nameof(DrainTimeout)]);
    }

    // The web server would take any other host name for "all interfaces", which is not what somebody who writes one means.
    private bool IsListenable(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { PathBase: "" } address
                && (address.Scheme == "http" || (address.Scheme == "https" && Tls is not null))
                && (address.Host is "localhost" or "*" || IPAddress.TryParse(address.Host.Trim('[', ']'), out _));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
