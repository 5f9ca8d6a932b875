using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Sources;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Managed;

/// <summary>
/// The servers of a source whose command is configured: as many run as are needed, between the least and the most. Another is started when
/// those that run have enough to do; one that was not needed for long is stopped after its last request.
/// </summary>
public sealed class ManagedHost : ISourceHost
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(20);

    private readonly SourceConfig _config;
    private readonly ManagedConfig _managed;
    private readonly TimeProvider _time;
    private readonly Replica[] _replicas;
    private readonly Dictionary<string, IReadOnlyList<ICompletionSource>> _sources = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly ITimer _looking;
    private bool _disposed;

    /// <param name="tell">Takes a line about each server that failed.</param>
    /// <exception cref="ArgumentException">The command cannot be started.</exception>
    public ManagedHost(SourceConfig config, TimeProvider time, Action<string> tell)
    {
        (_config, _managed, _time) = (config, config.Managed!, time);
        Check(config, time);
        _replicas = [.. Enumerable.Range(0, _managed.Max).Select(index => new Replica(
            _managed.Max == 1 ? config.Name : $"{config.Name}/{index}", config, time, tell))];
        TimeSpan every = _managed.IdleStop / 10;
        every = every > LongestLook ? LongestLook : every < ShortestLook ? ShortestLook : every;
        Need(asked: null);
        _looking = time.CreateTimer(_ => StopIdle(), null, every, every);
    }

    public IReadOnlyList<ICompletionSource> Open(string model)
    {
        lock (_gate)
        {
            if (!_sources.TryGetValue(model, out IReadOnlyList<ICompletionSource>? known))
                _sources.Add(model, known = [.. _replicas.Select(replica => new ManagedSource(this, replica, _config, model, _time))]);
            return known;
        }
    }

    /// <summary>Whether its servers are well is watched here; as a whole it is there, because one is started when it is asked.</summary>
    public Task<bool> ProbeAsync(CancellationToken cancellation) => Task.FromResult(true);

    /// <summary>Ends all servers and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _disposed = true;
        await _looking.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_replicas.Select(replica => replica.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>The server of a replica, started where it does not run; ended by its <see cref="Replica.Exit"/>.</summary>
    /// <exception cref="SourceException">It does not start.</exception>
    internal Task<RemoteHost> EnterAsync(Replica replica, CancellationToken cancellation)
    {
        Task<RemoteHost> entering = replica.EnterAsync(cancellation);
        Need(replica);
        return entering;
    }

    /// <summary>Notes how many are needed for what runs now, those that are nearest to running, and starts them.</summary>
    private void Need(Replica? asked)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            long now = _time.GetTimestamp();
            int load = _replicas.Sum(replica => replica.InFlight);
            int count = Math.Clamp((load + _managed.Busy - 1) / _managed.Busy, _managed.Min, _managed.Max);
            IEnumerable<Replica> nearest = _replicas.OrderBy(replica => replica.Readiness).ThenByDescending(replica => replica == asked);
            foreach (Replica replica in nearest.Take(count))
            {
                replica.NeededAt = now;
                replica.Want();
            }
            if (asked is not null)
                asked.NeededAt = now;
        }
    }

    private void StopIdle()
    {
        Need(asked: null);
        lock (_gate)
        {
            Replica[] there =
                [.. _replicas.Where(replica => replica.Readiness is Readiness.Running or Readiness.Starting or Readiness.Resting)];
            int spare = there.Length - _managed.Min;
            foreach (Replica replica in Enumerable.Reverse(there).Where(IsIdle).Take(spare))
                replica.Drain();
        }
    }

    private bool IsIdle(Replica replica) => _time.GetElapsedTime(replica.NeededAt) >= _managed.IdleStop;

    private static void Check(SourceConfig config, TimeProvider time)
    {
        new Upstream(config, time).Dispose(); // whose key may be none
        string program = config.Managed!.Command[0];
        if (!ServerProcess.IsSupported)
        {
            throw new ArgumentException(
                $"the source '{config.Name}' has a command, which takes /bin/sh to start; start the server yourself and give its url");
        }
        IEnumerable<string> places = program.Contains('/', StringComparison.Ordinal) ? [""]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!places.Any(folder => File.Exists(Path.Combine(folder, program))))
            throw new ArgumentException($"the source '{config.Name}' has a command whose program '{program}' is not there; give its path");
    }
}
