namespace Sluice.Cli.Load;

/// <summary>Values in order, and what can be read off them.</summary>
internal sealed class Distribution
{
    private readonly double[] _sorted;

    public Distribution(IEnumerable<double> values)
    {
        _sorted = [.. values];
        Array.Sort(_sorted);
        Mean = _sorted.Length == 0 ? double.NaN : _sorted.Average();
    }

    public static Distribution OfMilliseconds(IEnumerable<TimeSpan> times) => new(times.Select(time => time.TotalMilliseconds));

    public int Count => _sorted.Length;

    /// <summary>NaN where there are no values, as all figures are.</summary>
    public double Mean { get; }

    public double Max => Percentile(100);

    /// <summary>
    /// The value below which <paramref name="percent"/> of 100 lie, between two neighbours by linear interpolation
    /// (Hyndman and Fan's type 7).
    /// </summary>
    public double Percentile(double percent)
    {
        if (_sorted.Length == 0)
            return double.NaN;
        double place = percent / 100 * (_sorted.Length - 1);
        int below = (int)Math.Floor(place), above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + (place - below) * (_sorted[above] - _sorted[below]);
    }

    /// <summary>The share of values that are at most <paramref name="value"/>.</summary>
    public double ShareUpTo(double value)
    {
        int below = 0, above = _sorted.Length;
        while (below < above)
        {
            int middle = (below + above) / 2;
            if (_sorted[middle] <= value)
                below = middle + 1;
            else
                above = middle;
        }
        return _sorted.Length == 0 ? double.NaN : (double)below / _sorted.Length;
    }
}
