namespace Sluice.Pipe.Flow;

/// <summary>
/// Finds how many requests a source works on at once, in the manner of TCP Vegas: a source that takes longer than at its best holds the
/// difference in a queue, and a short queue is what keeps it busy. Not for several threads.
/// </summary>
internal sealed class LatencyGradient(int limit)
{
    private const int Most = 1024;
    private const double ShortQueue = 3, LongQueue = 8;
    private const double Backoff = 0.7;
    // The best is forgotten slowly, so that a source which became slower for good is not starved.
    private const double Forget = 1.02;

    private double _limit = limit;
    private double _best = double.PositiveInfinity;
    private double _sum;
    private int _count, _mostInFlight;

    /// <summary>The limit after an answer.</summary>
    public int Observe(TimeSpan took, int inFlight)
    {
        _sum += took.TotalSeconds;
        _count++;
        _mostInFlight = Math.Max(_mostInFlight, inFlight);
        if (_count >= Math.Max(8, (int)_limit))
            Adapt();
        return (int)_limit;
    }

    /// <summary>The limit after a refusal or failure.</summary>
    public int Fail()
    {
        _limit = Math.Max(1, _limit * Backoff);
        Begin();
        return (int)_limit;
    }

    private void Adapt()
    {
        double mean = Math.Max(_sum / _count, 1e-6);
        _best = Math.Min(_best * Forget, mean);
        double queued = _limit * (1 - _best / mean);
        bool wasUsed = _mostInFlight >= (int)_limit;
        if (queued < ShortQueue && wasUsed)
            _limit = Math.Min(Most, _limit + Math.Max(1, Math.Sqrt(_limit)));
        else if (queued > LongQueue)
            _limit = Math.Max(1, _limit - Math.Max(1, Math.Sqrt(_limit) / 2));
        Begin();
    }

    private void Begin()
    {
        _sum = 0;
        _count = 0;
        _mostInFlight = 0;
    }
}
