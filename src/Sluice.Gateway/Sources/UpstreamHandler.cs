using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Sources;

/// <summary>The connections of one source: kept alive, multiplexed where the source speaks HTTP/2, never through a proxy.</summary>
internal static class UpstreamHandler
{
    // A connection is renewed now and then, because a name's addresses change.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    // An answer that nobody wants any more is not read to its end: the source shall notice at once and stop working.
    private static readonly TimeSpan Drain = TimeSpan.FromMilliseconds(20);
    private const int DrainBytes = 4096;

    public static HttpMessageInvoker Create(string source, RemoteConfig remote, TimeoutConfig timeouts) => new(new SocketsHttpHandler
    {
        ConnectCallback = new UpstreamAddresses(source, remote.AllowPrivate).ConnectAsync,
        ConnectTimeout = timeouts.Connect,
        PooledConnectionLifetime = Lifetime,
        PooledConnectionIdleTimeout = Idle,
        EnableMultipleHttp2Connections = true,
        MaxResponseDrainSize = DrainBytes,
        ResponseDrainTimeout = Drain,
        AllowAutoRedirect = false, // a redirect is a source's way to choose our next address
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null, // the trace is passed on from the request's context
    });
}
