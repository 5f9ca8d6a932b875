using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Pools;

/// <summary>
/// Takes a member out of rotation when it fails: at once after several failures in a row, else by their share in a window. After a while
/// one request probes it; where that fails too, the while doubles. A request speaks only of the time it began in: what was sent before the
/// member was taken out says nothing of how it is now. Safe from any thread; its lock is held for a few instructions.
/// </summary>
internal sealed class Breaker(BreakerConfig config, TimeProvider time)
{
    /// <summary>Failures in a row that need no statistics.</summary>
    public const int FailuresInARow = 5;

    // A share of fewer requests says nothing.
    private const int LeastRequests = 10;

    private const int Slots = 10;
    private const int MostDoublings = 4;

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly (long Slot, int Good, int Bad)[] _window = new (long, int, int)[Slots];
    private BreakerState _state;
    private TimeSpan _until;
    private TimeSpan? _closedAt;
    private int _failuresInARow;
    private int _doublings;
    private int _era; // ends when it opens; the next lasts over the probe and as long as it then stays closed
    private bool _onTrial; // the probe has begun to answer, nothing has ended well since

    public BreakerState State
    {
        get { lock (_gate) return _state; }
    }

    /// <summary>When it was closed after having been open; null where it never was. Who comes back is not flooded at once.</summary>
    public TimeSpan? SinceRecovery
    {
        get { lock (_gate) return _state == BreakerState.Closed && _closedAt is { } at ? Now() - at : null; }
    }

    /// <summary>Whether a request may be tried, without doing it.</summary>
    /// <param name="probe">It would be the one that probes.</param>
    /// <param name="retryAfter">When it may be, where not now.</param>
    public bool Allows(out bool probe, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            TimeSpan left = _until - Now();
            probe = _state == BreakerState.Open && left <= TimeSpan.Zero;
            retryAfter = _state == BreakerState.Closed || left <= TimeSpan.Zero ? TimeSpan.Zero : left;
            return _state == BreakerState.Closed || probe;
        }
    }

    /// <summary>Begins a request; false where another has just become the probe. Each that began is recorded once.</summary>
    /// <param name="era">To be handed back when it is recorded.</param>
    public bool TryBegin(out int era)
    {
        lock (_gate)
        {
            era = _era;
            if (_state == BreakerState.Closed)
                return true;
            if (_state == BreakerState.HalfOpen || Now() < _until)
                return false;
            _state = BreakerState.HalfOpen;
            return true;
        }
    }

    /// <summary>The answer has begun: a probe has found out enough for others to be let in, long before a long answer ends.</summary>
    public void RecordFirst(int era)
    {
        lock (_gate)
        {
            if (era == _era && _state == BreakerState.HalfOpen)
                Close();
        }
    }

    public void RecordSuccess(int era)
    {
        lock (_gate)
        {
            if (era != _era)
                return;
            if (_state == BreakerState.HalfOpen)
                Close();
            (_failuresInARow, _doublings, _onTrial) = (0, 0, false);
            CurrentSlot().Good++;
        }
    }

    public void RecordFailure(int era)
    {
        lock (_gate)
        {
            if (era != _era)
                return;
            _failuresInARow++;
            CurrentSlot().Bad++;
            if (_state == BreakerState.HalfOpen || _onTrial)
                Open(Math.Min(_doublings + 1, MostDoublings));
            else if (_state == BreakerState.Closed && (_failuresInARow >= FailuresInARow || TooManyFail()))
                Open(0);
        }
    }

    /// <summary>The request ended for reasons that say nothing of the member: its client left, or asked for something impossible.</summary>
    public void RecordNothing(int era)
    {
        lock (_gate)
        {
            if (era != _era || _state != BreakerState.HalfOpen)
                return;
            _state = BreakerState.Open; // the next request probes
            _until = Now();
        }
    }

    private TimeSpan Now() => time.GetElapsedTime(_start);

    private void Close()
    {
        (_state, _closedAt, _onTrial) = (BreakerState.Closed, Now(), true);
        Array.Clear(_window);
    }

    private void Open(int doublings)
    {
        (_state, _doublings, _onTrial) = (BreakerState.Open, doublings, false);
        _era++; // what is still under way began before
        _until = Now() + (config.Open * (1 << doublings));
    }

    private ref (long Slot, int Good, int Bad) CurrentSlot()
    {
        long slot = SlotNow();
        ref var current = ref _window[slot % Slots];
        if (current.Slot != slot)
            current = (slot, 0, 0);
        return ref current;
    }

    private long SlotNow() => Now().Ticks / Math.Max(1, config.Window.Ticks / Slots);

    private bool TooManyFail()
    {
        long oldest = SlotNow() - Slots + 1;
        int good = 0, bad = 0;
        foreach (var slot in _window)
            (good, bad) = slot.Slot >= oldest ? (good + slot.Good, bad + slot.Bad) : (good, bad);
        return good + bad >= LeastRequests && bad >= config.Errors * (good + bad);
    }
}
