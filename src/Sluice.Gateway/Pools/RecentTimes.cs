namespace Sluice.Gateway.Pools;

/// <summary>The last first-token times of a pool, for percentiles. Safe from any thread.</summary>
internal sealed class RecentTimes
{
    private const int Kept = 256;
    private const int LeastForPercentile = 20;
    private const int SortEvery = 16;

    private readonly Lock _gate = new();
    private readonly double[] _ring = new double[Kept];
    private double[] _sorted = [];
    private int _next;
    private int _count;
    private int _unsorted;

    public void Add(double seconds)
    {
        lock (_gate)
        {
            _ring[_next] = seconds;
            _next = (_next + 1) % Kept;
            _count = Math.Min(_count + 1, Kept);
            _unsorted++;
        }
    }

    /// <summary>Null while there are too few to tell.</summary>
    public double? Percentile(double share)
    {
        lock (_gate)
        {
            if (_count < LeastForPercentile)
                return null;
            if (_unsorted >= SortEvery)
            {
                _sorted = _ring[.._count];
                Array.Sort(_sorted);
                _unsorted = 0;
            }
            return _sorted[(int)(share * (_sorted.Length - 1))];
        }
    }
}
