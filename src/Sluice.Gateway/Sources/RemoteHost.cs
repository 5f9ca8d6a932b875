using System.Collections.Concurrent;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>A server that is reached by HTTP, with all its models.</summary>
public sealed class RemoteHost : ISourceHost
{
    private readonly Upstream _upstream;
    private readonly HealthConfig? _health;
    private readonly ConcurrentDictionary<string, IReadOnlyList<ICompletionSource>> _sources = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The source cannot be reached as it is configured.</exception>
    public RemoteHost(SourceConfig source, TimeProvider time)
    {
        _upstream = new Upstream(source, time);
        _health = source.Health;
    }

    public IReadOnlyList<ICompletionSource> Open(string model) => _sources.GetOrAdd(
        model, static (name, upstream) => [new RemoteSource(upstream, name, upstream.Remote.Models.GetValueOrDefault(name, name))], _upstream);

    public async Task<bool> ProbeAsync(CancellationToken cancellation)
    {
        RemoteKind kind = _upstream.Kind;
        Uri address = _health?.Path is null && kind.HealthAtRoot
            ? new Uri(_upstream.Remote.Url, kind.HealthPath)
            : _upstream.Locate("", _health?.Path ?? kind.HealthPath);
        using HttpRequestMessage request = _upstream.CreateRequest(HttpMethod.Get, address, context: null);
        using HttpResponseMessage answer = await _upstream.Connections.SendAsync(request, cancellation).ConfigureAwait(false);
        return answer.IsSuccessStatusCode;
    }

    public ValueTask DisposeAsync()
    {
        _upstream.Dispose();
        return ValueTask.CompletedTask;
    }
}
