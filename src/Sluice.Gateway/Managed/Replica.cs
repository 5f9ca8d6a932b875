using System.Net;
using System.Net.Sockets;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Sources;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Managed;

/// <summary>
/// The place of one server process: empty, or with one that is started, watched, and started anew when it ends by itself, at once the first
/// time and after growing pauses then.
/// </summary>
/// <param name="name">For messages.</param>
/// <param name="tell">Takes a line about what became of the server.</param>
internal sealed class Replica(string name, SourceConfig config, TimeProvider time, Action<string> tell) : IStartable, IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(5);

    private readonly ManagedConfig _managed = config.Managed!;
    private readonly Lock _gate = new();
    private TaskCompletionSource<RemoteHost> _ready = NewStart();
    private CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;
    private Readiness _readiness = Readiness.Stopped;
    private long _restUntil; // timestamp
    private int _inFlight;
    private bool _again; // it is needed before it has ended
    private bool _disposed;

    public string Name => name;

    public Readiness Readiness
    {
        get { lock (_gate) return _readiness; }
    }

    /// <summary>Requests that wait for it or run on it.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>When it was last needed; kept by who counts the need.</summary>
    public long NeededAt { get; set; }

    public bool IsResting(out TimeSpan left)
    {
        lock (_gate)
        {
            left = _readiness == Readiness.Resting ? LeftOfRest() : TimeSpan.Zero;
            return _readiness == Readiness.Resting;
        }
    }

    /// <summary>Starts it where it does not run, and lets it go on where it was about to end.</summary>
    public void Want()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_readiness == Readiness.Draining)
                _readiness = Readiness.Running;
            else if (_readiness == Readiness.Stopping)
                _again = true;
            else if (_readiness == Readiness.Stopped)
                Begin();
        }
    }

    /// <summary>Lets it end once nothing runs on it.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            if (_readiness == Readiness.Running)
                _readiness = Readiness.Draining;
            if (_readiness == Readiness.Resting || (_readiness == Readiness.Draining && _inFlight == 0))
                Stop();
        }
    }

    /// <summary>Waits until it is there, started where need be; each entry is ended by <see cref="Exit"/>.</summary>
    /// <exception cref="SourceException">It rests, or its start failed.</exception>
    public async Task<RemoteHost> EnterAsync(CancellationToken cancellation)
    {
        Task<RemoteHost> ready;
        lock (_gate)
        {
            if (_readiness == Readiness.Resting)
                throw new SourceException(SourceFailure.Unavailable, $"'{name}' failed and is started anew soon.", LeftOfRest());
            Want();
            ready = _ready.Task;
            _inFlight++;
        }
        try
        {
            return await ready.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            Exit();
            throw;
        }
    }

    public void Exit()
    {
        lock (_gate)
        {
            _inFlight--;
            if (_inFlight == 0 && _readiness == Readiness.Draining)
                Stop();
        }
    }

    /// <summary>Ends the server, whatever runs on it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
            _again = false;
        }
        await _stop.CancelAsync().ConfigureAwait(false);
        await _life.ConfigureAwait(false);
        _stop.Dispose();
    }

    private TimeSpan LeftOfRest() => Max(time.GetElapsedTime(time.GetTimestamp(), _restUntil), TimeSpan.Zero);

    private void Begin()
    {
        _readiness = Readiness.Starting;
        _again = false;
        _stop = new CancellationTokenSource();
        CancellationToken stop = _stop.Token;
        _life = Task.Run(() => LiveAsync(stop));
    }

    private void Stop()
    {
        _readiness = Readiness.Stopping;
        Renew();
        _ = _stop.CancelAsync(); // elsewhere: what goes on then takes the lock
    }

    /// <summary>Whoever comes now waits for the next start.</summary>
    private void Renew()
    {
        if (_ready.Task.IsCompleted)
            _ready = NewStart();
    }

    private static TaskCompletionSource<RemoteHost> NewStart() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LiveAsync(CancellationToken stop)
    {
        for (int failures = 0; !stop.IsCancellationRequested;)
        {
            (string? fault, TimeSpan ran) = await RunAsync(stop).ConfigureAwait(false);
            if (fault is null)
                break;
            failures = ran >= LongestPause ? 1 : failures + 1;
            TimeSpan pause = PauseAfter(failures);
            tell($"'{name}' {fault}; it is started anew{(pause > TimeSpan.Zero ? $" in {pause.TotalSeconds:0} s" : "")}");
            Rest(pause);
            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_gate)
                _readiness = stop.IsCancellationRequested ? Readiness.Stopping : Readiness.Starting;
        }
        lock (_gate)
        {
            _readiness = Readiness.Stopped;
            if (_again)
                Begin();
            else
                Refuse(new SourceException(SourceFailure.Unavailable, $"'{name}' was stopped."));
        }
    }

    private static TimeSpan PauseAfter(int failures) =>
        failures == 1 ? TimeSpan.Zero : Min(TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures, 10) - 2)), LongestPause);

    /// <summary>Without a pause those that wait go on waiting; else they are told, and nobody is let in before it is over.</summary>
    private void Rest(TimeSpan pause)
    {
        lock (_gate)
        {
            if (pause == TimeSpan.Zero)
                return;
            Refuse(new SourceException(SourceFailure.Unavailable, $"'{name}' cannot be started now; the server's log says why.", pause));
            _restUntil = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
            _readiness = Readiness.Resting;
        }
    }

    private void Refuse(SourceException reason)
    {
        if (_ready.TrySetException(reason))
            _ = _ready.Task.Exception; // nobody need wait for it
        Renew();
    }

    /// <returns>What went wrong, null where it was stopped; and how long it was well.</returns>
    private async Task<(string? Fault, TimeSpan Ran)> RunAsync(CancellationToken stop)
    {
        long? readyAt = null;
        try
        {
            int port = FreePort();
            await using ServerProcess server = ServerProcess.Start(
                _managed.Command.Select(part => part.Replace(ManagedConfig.PortMark, $"{port}", StringComparison.Ordinal)), _managed.Stop);
            await using var host = new RemoteHost(At(port), time);
            string? fault = await AwaitReadyAsync(host, server, stop).ConfigureAwait(false);
            if (fault is null && !stop.IsCancellationRequested)
            {
                readyAt = time.GetTimestamp();
                lock (_gate)
                {
                    _readiness = Readiness.Running;
                    _ready.SetResult(host);
                }
                fault = await WatchAsync(host, server, stop).ConfigureAwait(false);
            }
            if (stop.IsCancellationRequested)
                return (null, default);
            string words = await server.LastWordsAsync().ConfigureAwait(false);
            return (words.Length > 0 ? $"{fault} (it said: {words})" : fault, readyAt is { } at ? time.GetElapsedTime(at) : default);
        }
        catch (Exception fault) // whatever it is, the place stays usable, and it is told
        {
            return ($"cannot be started: {fault.Message}", default);
        }
    }

    private SourceConfig At(int port) => config with { Remote = config.Remote! with { Url = new Uri($"http://127.0.0.1:{port}") } };

    private async Task<string?> AwaitReadyAsync(RemoteHost host, ServerProcess server, CancellationToken stop)
    {
        long began = time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            if (server.Ended.IsCompleted)
                return $"ended with code {await server.Ended.ConfigureAwait(false)} before it was ready";
            if (await IsWellAsync(host, stop).ConfigureAwait(false))
                return null;
            if (time.GetElapsedTime(began) > _managed.Start)
                return $"was not ready within {_managed.Start.TotalSeconds:0.#} s";
            await Task.WhenAny(server.Ended, Task.Delay(ProbeEvery, time, stop)).ConfigureAwait(false);
        }
        return null;
    }

    /// <summary>Until it ends by itself, no longer answers its probes, or is stopped.</summary>
    private async Task<string?> WatchAsync(RemoteHost host, ServerProcess server, CancellationToken stop)
    {
        TimeSpan every = config.Health?.Every ?? Timeout.InfiniteTimeSpan;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            for (int bad = 0; bad < (config.Health?.Fall ?? 1);)
            {
                await Task.WhenAny(server.Ended, Task.Delay(every, time, over.Token)).ConfigureAwait(false);
                if (stop.IsCancellationRequested)
                    return null;
                if (server.Ended.IsCompleted)
                    return $"ended with code {await server.Ended.ConfigureAwait(false)}";
                bad = await IsWellAsync(host, stop).ConfigureAwait(false) ? 0 : bad + 1;
            }
            return "does not answer its health checks";
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false); // or the timer would outlive the server
            lock (_gate)
            {
                Renew();
                if (_readiness is Readiness.Running or Readiness.Draining)
                    _readiness = Readiness.Starting;
            }
        }
    }

    private async Task<bool> IsWellAsync(RemoteHost host, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(LongestProbe, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            return await host.ProbeAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A port that nobody has. Who takes it first makes the server end, which is started anew with another.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
