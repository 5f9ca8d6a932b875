using Sluice.Gateway.Admission;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Routing;

namespace Sluice.Gateway;

/// <summary>
/// The gateway at work: the snapshot that answers now, and the change to the next. What a change leaves as it was keeps its connections,
/// its caches and what was learned of it; what it takes away ends when its last request has.
/// </summary>
public sealed class LiveGateway : IAsyncDisposable
{
    // A request found its snapshot just before the change and does not hold it yet.
    private static readonly TimeSpan Found = TimeSpan.FromSeconds(5);

    private readonly SourceHostFactory _makeHost;
    private readonly PoolMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Chance _chance;
    private readonly SemaphoreSlim _changing = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Task> _releasing = [];
    private readonly List<SourceState> _made = []; // and not closed yet
    private volatile GatewaySnapshot? _current;

    private LiveGateway(SourceHostFactory makeHost, PoolMetrics metrics, TimeProvider time, Chance chance) =>
        (_makeHost, _metrics, _time, _chance) = (makeHost, metrics, time, chance);

    public GatewaySnapshot Current => _current!;

    /// <param name="makeHost">Makes the host of each source.</param>
    /// <param name="chance">For routing and pauses.</param>
    /// <exception cref="ConfigException">A source cannot be made as it is configured.</exception>
    public static async Task<LiveGateway> StartAsync(
        GatewayConfig config, SourceHostFactory makeHost, PoolMetrics metrics, TimeProvider time, Chance chance,
        CancellationToken cancellation)
    {
        var gateway = new LiveGateway(makeHost, metrics, time, chance);
        await gateway.ChangeAsync(config, cancellation).ConfigureAwait(false);
        return gateway;
    }

    /// <summary>Makes a configuration the current one, whole or not at all.</summary>
    /// <exception cref="ConfigException">It cannot be made; the one before it goes on.</exception>
    public async Task<GatewaySnapshot> ChangeAsync(GatewayConfig config, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            GatewaySnapshot? before = _current;
            GatewaySnapshot next = await BuildAsync(config, before, cancellation).ConfigureAwait(false);
            _current = next;
            _metrics.Watch([.. next.Pools.Select(pool => pool.State)]);
            if (before is not null)
            {
                _releasing.RemoveAll(task => task.IsCompleted);
                _releasing.Add(ReleaseLaterAsync(before));
            }
            return next;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Closes every source, once what runs on it has ended: whoever serves stops first, and changes nothing any more.</summary>
    /// <exception cref="AggregateException">Some could not be closed; all others are.</exception>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_releasing).ConfigureAwait(false);
        _current?.LetGo();
        Task closing = Task.WhenAll(_made.Select(source => source.Closed));
        await closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // thrown below, whole
        _changing.Dispose();
        _ended.Dispose();
        if (closing.Exception is { } faults)
            throw faults;
    }

    private async Task ReleaseLaterAsync(GatewaySnapshot snapshot)
    {
        await Task.Delay(Found, _time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // at the end, at once
        snapshot.LetGo();
    }

    private async Task<GatewaySnapshot> BuildAsync(GatewayConfig config, GatewaySnapshot? before, CancellationToken cancellation)
    {
        var sources = new Dictionary<string, SourceState>(StringComparer.Ordinal);
        try
        {
            foreach (SourceConfig source in config.Sources)
                sources.Add(source.Name, await TakeOrMakeAsync(source, before, cancellation).ConfigureAwait(false));
            PoolSource[] pools = [.. config.Pools.Select(pool => new PoolSource(
                TakeOrMake(pool, sources, before), _metrics, CreatedAt(pool, before)))];
            foreach (PoolSource pool in pools)
                pool.Fallbacks = [.. pool.State.Config.Fallback.Select(name => pools.First(other => other.Info.Name == name))];
            return new GatewaySnapshot(config, new Door(config, _time, before?.Door), sources, pools);
        }
        catch
        {
            foreach (SourceState source in sources.Values)
                source.Release();
            throw;
        }
    }

    /// <summary>Each snapshot holds its sources once.</summary>
    private async Task<SourceState> TakeOrMakeAsync(SourceConfig source, GatewaySnapshot? before, CancellationToken cancellation)
    {
        if (before?.Sources.GetValueOrDefault(source.Name) is { } known && known.Config.Fingerprint == source.Fingerprint)
        {
            known.Retain();
            return known;
        }
        var made = new SourceState(source, await _makeHost(source, cancellation).ConfigureAwait(false), _time);
        _made.RemoveAll(other => other.Closed.IsCompletedSuccessfully);
        _made.Add(made);
        return made;
    }

    private PoolState TakeOrMake(PoolConfig pool, Dictionary<string, SourceState> sources, GatewaySnapshot? before)
    {
        PoolState? known = before?.Pools.FirstOrDefault(other => other.Info.Name == pool.Name)?.State;
        bool same = known is not null && known.Config.Fingerprint == pool.Fingerprint
            && known.Sources.All(source => sources.GetValueOrDefault(source.Config.Name) == source);
        return same ? known! : new PoolState(pool, sources, _time, _chance);
    }

    private DateTimeOffset CreatedAt(PoolConfig pool, GatewaySnapshot? before) =>
        before?.Pools.FirstOrDefault(other => other.Info.Name == pool.Name)?.Info.Created ?? _time.GetUtcNow();
}
