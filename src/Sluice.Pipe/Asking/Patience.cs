using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Asking;

/// <summary>
/// Waits with all questions while a source has too much to do. When the pause that it asked for is over, one question goes first and shows
/// whether the others may follow, so that a source in trouble is not asked by all at once, again and again.
/// </summary>
/// <param name="random">Spreads pauses that no source asked for.</param>
public sealed class Patience(TimeProvider time, Random random)
{
    // A source that names a time far away is asked now and then all the same: clocks and units of such headers are often wrong.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    // Who is busy will have time again; who cannot be reached may be gone for good.
    private static readonly TimeSpan WithTheBusy = TimeSpan.FromMinutes(15), WithTheAbsent = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private TaskCompletionSource? _probe;
    private long _heldUntil;
    private bool _isHeld;
    private int _refusals;
    private long _heardAt = time.GetTimestamp();

    /// <summary>
    /// Asks, and asks again where the source was too busy or away, until patience ends: when nobody has had an answer for long.
    /// </summary>
    /// <exception cref="SourceException">Patience ended, or the source failed in another way.</exception>
    public async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            TaskCompletionSource? probe = await WaitForTurnAsync(cancellation).ConfigureAwait(false);
            bool refused = false;
            try
            {
                T answer = await ask().ConfigureAwait(false);
                Volatile.Write(ref _heardAt, time.GetTimestamp());
                return answer;
            }
            catch (SourceException e) when (IsWorthWaiting(e, time.GetElapsedTime(Math.Max(began, Volatile.Read(ref _heardAt)))))
            {
                refused = true;
                Hold(e.RetryAfter);
            }
            finally
            {
                if (probe is not null)
                    EndProbe(probe, open: !refused);
            }
        }
    }

    private static bool IsWorthWaiting(SourceException fault, TimeSpan waited) => fault.Reason switch
    {
        SourceFailure.Busy => waited < WithTheBusy,
        SourceFailure.Unavailable => waited < WithTheAbsent,
        _ => false,
    };

    /// <returns>Set where this question is the one that goes first.</returns>
    private async Task<TaskCompletionSource?> WaitForTurnAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task other = Task.CompletedTask;
            TimeSpan left = TimeSpan.Zero;
            lock (_lock)
            {
                if (!_isHeld)
                    return null;
                if (_probe is not null)
                {
                    other = _probe.Task;
                }
                else
                {
                    left = time.GetElapsedTime(time.GetTimestamp(), _heldUntil);
                    if (left <= TimeSpan.Zero)
                        return _probe = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
            await (left > TimeSpan.Zero ? Task.Delay(left, time, cancellation) : other.WaitAsync(cancellation)).ConfigureAwait(false);
        }
    }

    private void Hold(TimeSpan? asked)
    {
        lock (_lock)
        {
            // Many refusals of one moment are one.
            bool isNew = !_isHeld || _probe is not null;
            _refusals += isNew ? 1 : 0;
            TimeSpan pause = asked ?? FirstPause * Math.Pow(2, Math.Min(_refusals - 1, 7)) * (0.5 + (random.NextDouble() / 2));
            pause = pause < LongestPause ? pause : LongestPause;
            long until = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
            _heldUntil = isNew ? until : Math.Max(_heldUntil, until);
            _isHeld = true;
        }
    }

    private void EndProbe(TaskCompletionSource probe, bool open)
    {
        lock (_lock)
        {
            _probe = null;
            _isHeld = !open;
            _refusals = open ? 0 : _refusals;
        }
        probe.SetResult();
    }
}
