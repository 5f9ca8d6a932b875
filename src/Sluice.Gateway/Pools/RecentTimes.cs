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

    public void Add(double seconds)
    {
        lock (_gate)
        {
            _ring[_next] = seconds;
            _next = (_next + 1) % Kept;
            _count = Math.Min(_count + 1, Kept);
            if (_next % SortEvery != 0 && _sorted.Length > 0)
                return;
            double[] sorted = _ring[.._count];
            Array.Sort(sorted);
            _sorted = sorted;
        }
    }

    /// <summary>Null while there are too few to tell.</summary>
    public double? Percentile(double share)
    {
        double[] sorted;
        lock (_gate)
            sorted = _sorted;
        return sorted.Length < LeastForPercentile ? null : sorted[(int)(share * (sorted.Length - 1))];
    }
}
