namespace Sluice.Pipe.Flow;

/// <summary>Lets a number of records be in flight; the number may change while it runs.</summary>
/// <param name="limit">How many; adapts from there where <paramref name="adaptive"/>.</param>
internal sealed class ConcurrencyGate(int limit, bool adaptive)
{
    private readonly Lock _lock = new();
    private readonly Signal _room = new();
    private readonly LatencyGradient? _gradient = adaptive ? new LatencyGradient(limit) : null;
    private int _limit = limit;
    private int _inFlight;

    public int InFlight => Volatile.Read(ref _inFlight);

    public int Limit => Volatile.Read(ref _limit);

    /// <summary>Waits for a place and takes it. For one caller at a time.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellation)
    {
        while (!TryEnter())
            await _room.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives a place back.</summary>
    /// <param name="took">How long the source took; null where it was not asked.</param>
    /// <param name="failed">Whether it was asked and had no answer.</param>
    public void Exit(TimeSpan? took, bool failed)
    {
        lock (_lock)
        {
            if (_gradient is not null && failed)
                _limit = _gradient.Fail();
            else if (_gradient is not null && took is { } time)
                _limit = _gradient.Observe(time, _inFlight);
            _inFlight--;
        }
        _room.Set();
    }

    /// <summary>Waits until nothing is in flight. For whoever entered before, when nobody enters any more.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellation)
    {
        while (InFlight > 0)
            await _room.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private bool TryEnter()
    {
        lock (_lock)
        {
            if (_inFlight >= _limit)
                return false;
            _inFlight++;
            return true;
        }
    }
}
