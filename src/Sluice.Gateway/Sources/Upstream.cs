using System.Diagnostics;
using System.Net;
using Sluice.Gateway.Configuration;
using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Sources;

/// <summary>One server as all requests to it see it: its address, its connections, what every request says of us.</summary>
internal sealed class Upstream : IDisposable
{
    private readonly string? _key;

    /// <exception cref="ArgumentException">The key cannot stand in a header.</exception>
    public Upstream(SourceConfig source, TimeProvider time)
    {
        RemoteConfig remote = source.Remote ?? throw new ArgumentException("A source in this process is not reached by HTTP.", nameof(source));
        Name = source.Name;
        Kind = RemoteKind.Of(source.Kind);
        Time = time;
        Remote = remote with { Url = remote.IsWhole ? remote.Url : WithPath(remote.Url, Kind.DefaultPath) };
        _key = remote.Key?.Reveal();
        if (_key is not null && (_key.Length == 0 || _key.AsSpan().ContainsAnyExceptInRange('!', '~')))
            throw new ArgumentException($"the key of source '{Name}' ({remote.Key}) holds characters that no header may have");
        Connections = UpstreamHandler.Create(Name, Remote, source.Timeouts);
    }

    public string Name { get; }

    public RemoteKind Kind { get; }

    public RemoteConfig Remote { get; }

    public TimeProvider Time { get; }

    public HttpMessageInvoker Connections { get; }

    /// <param name="model">The source's own name of the model; empty where none is meant.</param>
    public Uri Locate(string model, string path) => new(Kind.Locate(Remote, model, path));

    /// <summary>
    /// A request with the headers that the operator configured, and the trace. Nothing a client sent becomes a header, but for the ids that
    /// were checked.
    /// </summary>
    public HttpRequestMessage CreateRequest(HttpMethod method, Uri address, RequestContext? context)
    {
        var request = new HttpRequestMessage(method, address)
        {
            // Over TLS both sides agree on the best they speak; without it there is no agreeing, so it is what everybody speaks.
            Version = address.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (_key is not null)
            Kind.Authorise(request, _key);
        foreach ((string name, string value) in Kind.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (context is not null)
            AddTrace(request, context);
        return request;
    }

    public void Dispose() => Connections.Dispose();

    private static void AddTrace(HttpRequestMessage request, RequestContext context)
    {
        if (IsHeaderText(context.RequestId))
            request.Headers.TryAddWithoutValidation("x-request-id", context.RequestId);
        ActivityContext trace = context.Trace;
        if (trace == default)
            return;
        request.Headers.TryAddWithoutValidation(
            "traceparent", $"00-{trace.TraceId.ToHexString()}-{trace.SpanId.ToHexString()}-{(int)trace.TraceFlags & 0xff:x2}");
        if (trace.TraceState is { Length: > 0 and <= 512 } state && IsHeaderText(state))
            request.Headers.TryAddWithoutValidation("tracestate", state);
    }

    private static bool IsHeaderText(string text) => text.Length is > 0 and <= 512 && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static Uri WithPath(Uri url, string path) => url.AbsolutePath == "/" && path.Length > 0 ? new Uri(url, path) : url;
}
