using Sluice.Core.Errors;
using Sluice.Protocol.Sources;

namespace Sluice.Local.Lifecycle;

/// <summary>
/// The place of one model, loaded or not. It counts who uses the model: the first use loads it, and it is unloaded only while nobody does,
/// or when those who do have had their time. Safe from any thread.
/// </summary>
/// <param name="load">Loads it; never called twice at a time.</param>
/// <param name="idle">After how long without a user it is unloaded; null for never.</param>
/// <param name="unloaded">Called after it was unloaded.</param>
internal sealed class ModelSlot(string name, Func<Task<LoadedModel>> load, TimeProvider time, TimeSpan? idle, Action<string> unloaded)
    : IAsyncDisposable
{
    private static readonly TimeSpan DrainRetry = TimeSpan.FromSeconds(1);

    /// <summary>Timers drop fractions of a millisecond: with less than this a rest could be waited for in vain, over and over.</summary>
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private Task<LoadedModel>? _loading; // until it fails or is unloaded
    private LoadedModel? _model; // what that gave
    private TaskCompletionSource? _unloading;
    private TaskCompletionSource? _unused; // of who waits for the last user to leave
    private ITimer? _timer;
    private bool _draining;
    private bool _disposed;
    private int _users;
    private long _lastUsed;

    public string Name => name;

    /// <summary>When its last user left, in the clock's ticks; null while it is used or not loaded.</summary>
    public long? IdleSince
    {
        get { lock (_gate) return _model is not null && _users == 0 ? _lastUsed : null; }
    }

    /// <summary>What it does now; nothing while it is not loaded.</summary>
    public SourceLoad Load
    {
        get { lock (_gate) return _model?.Source.Load ?? default; }
    }

    /// <summary>Waits until the model is loaded, and keeps it so until the lease is disposed.</summary>
    /// <exception cref="SourceException">It cannot be loaded, is being unloaded, or the process ends.</exception>
    public async Task<ModelLease> TakeAsync(CancellationToken cancellation)
    {
        Task<LoadedModel>? loading;
        while ((loading = TryEnter(out Task unloading)) is null)
            await unloading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return new ModelLease(this, (await loading.WaitAsync(cancellation).ConfigureAwait(false)).Source);
        }
        catch (SluiceException e)
        {
            Return();
            throw new SourceException(SourceFailure.Unavailable, $"'{name}' cannot be loaded: {e.Message}", inner: e);
        }
        catch
        {
            Return();
            throw;
        }
    }

    /// <summary>Ends one use.</summary>
    public void Return()
    {
        lock (_gate)
        {
            if (--_users > 0)
                return;
            _lastUsed = time.GetTimestamp();
            _unused?.TrySetResult();
            AwaitIdleness();
        }
    }

    /// <summary>
    /// Takes no more requests, lets those that run end within <paramref name="drain"/>, ends the others, frees the memory.
    /// </summary>
    public async Task UnloadAsync(TimeSpan drain, CancellationToken cancellation)
    {
        Task unused;
        lock (_gate)
        {
            if (_loading is null || _draining)
                return;
            _draining = true;
            _unused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            unused = _users == 0 ? Task.CompletedTask : _unused.Task;
        }
        try
        {
            await unused.WaitAsync(drain, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested(); // not so where the time is up: who still runs has had it
            await LoadedOrFailedAsync().ConfigureAwait(false);
            Unload(evenIfUsed: true);
        }
        finally
        {
            lock (_gate)
            {
                _draining = false;
                _unused = null;
            }
        }
    }

    /// <summary>Frees its memory at once if nobody uses it; false where somebody does, or it is not loaded.</summary>
    public bool TryUnload() => Unload(evenIfUsed: false);

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _timer?.Dispose();
        }
        await LoadedOrFailedAsync().ConfigureAwait(false);
        Unload(evenIfUsed: true);
    }

    /// <summary>Counts one more user; null where the model is just being unloaded, which is over soon.</summary>
    private Task<LoadedModel>? TryEnter(out Task unloading)
    {
        lock (_gate)
        {
            unloading = _unloading?.Task ?? Task.CompletedTask;
            if (_disposed)
                throw new SourceException(SourceFailure.Unavailable, $"'{name}' is shutting down");
            if (_draining)
                throw new SourceException(SourceFailure.Unavailable, $"'{name}' is being unloaded; ask again", DrainRetry);
            if (_unloading is not null)
                return null;
            _users++;
            return _loading ??= Task.Run(LoadAsync);
        }
    }

    private async Task<LoadedModel> LoadAsync()
    {
        try
        {
            LoadedModel model = await load().ConfigureAwait(false);
            lock (_gate)
            {
                _model = model;
                if (_users == 0) // whoever wanted it has gone meanwhile
                    AwaitIdleness();
            }
            return model;
        }
        catch
        {
            lock (_gate)
                _loading = null; // the next request tries again: there may be memory then
            throw;
        }
    }

    /// <summary>Waits until a load that was begun has ended; its outcome is its callers' business.</summary>
    private async Task LoadedOrFailedAsync()
    {
        Task? loading;
        lock (_gate)
            loading = _loading;
        if (loading is not null)
            await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private bool Unload(bool evenIfUsed)
    {
        LoadedModel model;
        TaskCompletionSource over;
        lock (_gate)
        {
            if (_model is null || (_users > 0 && !evenIfUsed))
                return false;
            (model, _model, _loading) = (_model, null, null);
            _unloading = over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        try
        {
            model.Dispose();
        }
        finally
        {
            lock (_gate)
                _unloading = null;
            over.SetResult(); // whoever waits to load it again would wait for ever
        }
        if (!_disposed)
            unloaded(name);
        return true;
    }

    /// <summary>Called under the gate.</summary>
    private void AwaitIdleness()
    {
        if (idle is not { } patience || _disposed)
            return;
        _lastUsed = time.GetTimestamp();
        _timer ??= time.CreateTimer(_ => UnloadIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// The timer may ring for an idleness that ended and began again, or a moment before the clock is there: then what is left is waited
    /// for. While the model is used or being loaded nothing is: whatever ends that sets the timer.
    /// </summary>
    private void UnloadIdle()
    {
        lock (_gate)
        {
            if (idle is not { } patience || _disposed || _model is null || _users > 0)
                return;
            TimeSpan left = patience - time.GetElapsedTime(_lastUsed);
            if (left > TimeSpan.Zero)
            {
                _timer!.Change(left > LeastWait ? left : LeastWait, Timeout.InfiniteTimeSpan);
                return;
            }
        }
        TryUnload();
    }
}
