using Sluice.Gateway.Admission;
using Sluice.Gateway.Configuration;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// A configured source at work: its host, its limits, whether it is well, and its endpoints. It lives as long as its configuration stays
/// the same, over reloads; counted, so that it is closed only when the last snapshot and the last request have let go of it.
/// </summary>
internal sealed class SourceState(SourceConfig config, ISourceHost host, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IReadOnlyList<Endpoint>> _endpoints = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _users = 1;

    public SourceConfig Config => config;

    public RateGate Limits { get; } = new(config.Limits, time);

    public SourceHealth Health { get; } = new(config.Health, host, time);

    /// <summary>Ends when it is closed, with the fault where closing failed.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Every endpoint that some pool asked for.</summary>
    public IReadOnlyList<Endpoint> Endpoints
    {
        get { lock (_gate) return [.. _endpoints.Values.SelectMany(list => list)]; }
    }

    /// <summary>The replicas that answer for a model.</summary>
    public IReadOnlyList<Endpoint> Open(string model)
    {
        lock (_gate)
        {
            if (_endpoints.TryGetValue(model, out IReadOnlyList<Endpoint>? known))
                return known;
            IReadOnlyList<ICompletionSource> sources = host.Open(model);
            Endpoint[] endpoints = [.. sources.Select((source, replica) => new Endpoint(
                sources.Count == 1 ? config.Name : $"{config.Name}/{replica}", model, source, this, time))];
            _endpoints.Add(model, endpoints);
            return endpoints;
        }
    }

    /// <summary>One more that uses it: a snapshot, or a request on its way.</summary>
    /// <exception cref="SourceException">It was closed: the configuration has changed since the caller found it.</exception>
    public void Retain()
    {
        int seen = Volatile.Read(ref _users), before;
        while (seen > 0 && (before = Interlocked.CompareExchange(ref _users, seen + 1, seen)) != seen)
            seen = before;
        if (seen == 0)
            throw new SourceException(SourceFailure.Unavailable, $"'{config.Name}' has just been taken out of service; ask again.");
    }

    /// <summary>One less; the last closes it, in the background.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _ = CloseAsync();
    }

    private async Task CloseAsync()
    {
        try
        {
            try
            {
                await Health.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                await host.DisposeAsync().ConfigureAwait(false);
            }
            _closed.SetResult();
        }
        catch (Exception fault)
        {
            _closed.SetException(fault);
        }
    }
}
