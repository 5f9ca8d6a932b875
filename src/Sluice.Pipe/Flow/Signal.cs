namespace Sluice.Pipe.Flow;

/// <summary>Wakes the one who waits, once for any number of calls. Whoever is woken looks again at what it waits for.</summary>
internal sealed class Signal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiter;
    private bool _isSet;

    public void Set()
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            waiter = _waiter;
            _waiter = null;
            _isSet = waiter is null;
        }
        waiter?.SetResult();
    }

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        Task woken;
        lock (_lock)
        {
            if (_isSet)
            {
                _isSet = false;
                return;
            }
            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            woken = _waiter.Task;
        }
        await woken.WaitAsync(cancellation).ConfigureAwait(false);
    }
}
