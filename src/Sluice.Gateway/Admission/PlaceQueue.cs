using Sluice.Gateway.Configuration;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Admission;

/// <summary>
/// The places of requests at one time, and those who wait for one: higher priority first, then those whose key was served least, then who
/// came first. Bounded in length and in time. Its lock covers a few instructions; nobody waits inside it.
/// </summary>
internal sealed class PlaceQueue
{
    private const int MostPlaces = 100_000;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Waiter, (int Priority, double Turn, long Order)> _waiters = new();
    private readonly Dictionary<string, double> _turns = []; // by key: its last turn; only of those that wait
    private readonly Dictionary<string, int> _waitingByName = [];
    private readonly GradientLimit? _gradient;
    private readonly LimitsConfig _limits;
    private readonly TimeProvider _time;
    private readonly int _fixed;
    private double _turn; // of whoever was let in last
    private double _secondsEach = 1; // between two that leave, lately
    private long? _lastLeft;
    private long _order;
    private int _inside;
    private int _waiting;

    public PlaceQueue(LimitsConfig limits, TimeProvider time)
    {
        (_limits, _time) = (limits, time);
        _fixed = limits.Rates.Concurrency ?? MostPlaces;
        _gradient = limits.Adaptive ? new GradientLimit(_fixed) : null;
    }

    public int Waiting => Volatile.Read(ref _waiting);

    public int Places
    {
        get { lock (_gate) return _gradient?.Places ?? _fixed; }
    }

    /// <summary>Waits for a place. Whoever got one leaves it by <see cref="Leave"/>.</summary>
    /// <exception cref="SourceException">The queue is full, or the wait was too long.</exception>
    public ValueTask EnterAsync(string name, int priority, CancellationToken cancellation)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_waiting == 0 && _inside < (_gradient?.Places ?? _fixed))
            {
                _inside++;
                return ValueTask.CompletedTask;
            }
            if (_waiting >= _limits.QueueLength)
                throw Refused("The queue is full; come back later.");
            waiter = new Waiter(name);
            Enqueue(waiter, priority);
        }
        return new ValueTask(WaitAsync(waiter, cancellation));
    }

    /// <param name="first">How long its first token took; null where there was none.</param>
    public void Leave(TimeSpan? first)
    {
        lock (_gate)
        {
            if (first is { } time)
                _gradient?.Observe(time, _inside);
            _inside--;
            long now = _time.GetTimestamp();
            if (_lastLeft is { } before)
                _secondsEach += (Math.Min(_time.GetElapsedTime(before, now).TotalSeconds, 60) - _secondsEach) * 0.1;
            _lastLeft = now;
            LetIn();
        }
    }

    private async Task WaitAsync(Waiter waiter, CancellationToken cancellation)
    {
        try
        {
            await waiter.Place.Task.WaitAsync(_limits.QueueWait, _time, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is TimeoutException or OperationCanceledException)
        {
            if (!TryGiveUp(waiter))
                Leave(first: null); // the place came in the same moment
            if (fault is TimeoutException)
                throw Refused($"No place became free within {_limits.QueueWait.TotalSeconds:0.#} s; come back later.");
            throw;
        }
    }

    private void Enqueue(Waiter waiter, int priority)
    {
        // Start-time fair queueing: each request of a key takes the turn after its last one, and nobody saves turns up.
        double turn = Math.Max(_turn, _turns.GetValueOrDefault(waiter.Name)) + 1;
        _turns[waiter.Name] = turn;
        _waitingByName[waiter.Name] = _waitingByName.GetValueOrDefault(waiter.Name) + 1;
        waiter.Turn = turn;
        _waiters.Enqueue(waiter, (-priority, turn, _order++));
        _waiting++;
    }

    private bool TryGiveUp(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Gone || waiter.Place.Task.IsCompleted)
                return false;
            waiter.Gone = true;
            Forget(waiter);
            if (_waiters.Count > (2 * _waiting) + 64)
                RemoveGone();
            return true;
        }
    }

    /// <summary>Those that gave up lie in the queue until their turn; where they are many they are taken out together.</summary>
    private void RemoveGone()
    {
        var live = _waiters.UnorderedItems.Where(item => !item.Element.Gone).ToArray();
        _waiters.Clear();
        _waiters.EnqueueRange(live);
    }

    private void LetIn()
    {
        int places = _gradient?.Places ?? _fixed;
        while (_inside < places && _waiters.TryDequeue(out Waiter? next, out _))
        {
            if (next.Gone)
                continue;
            _turn = Math.Max(_turn, next.Turn);
            Forget(next);
            _inside++;
            next.Place.SetResult();
        }
    }

    private void Forget(Waiter waiter)
    {
        _waiting--;
        int left = --_waitingByName[waiter.Name];
        if (left > 0)
            return;
        _waitingByName.Remove(waiter.Name);
        _turns.Remove(waiter.Name);
    }

    private SourceException Refused(string message)
    {
        double seconds;
        lock (_gate)
            seconds = (_waiting + 1) * _secondsEach;
        TimeSpan pause = TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestPause.TotalSeconds, LongestPause.TotalSeconds));
        return new SourceException(SourceFailure.Busy, message, pause);
    }

    private sealed class Waiter(string name)
    {
        public string Name { get; } = name;

        public TaskCompletionSource Place { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public double Turn { get; set; }

        public bool Gone { get; set; }
    }
}
