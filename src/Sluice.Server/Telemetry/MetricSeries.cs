namespace Sluice.Server.Telemetry;

/// <summary>
/// One series: a value, or a histogram's buckets with their sum. Recorded from any thread without a lock; a reader may see a record half
/// done.
/// </summary>
internal sealed class MetricSeries(double[]? bounds)
{
    // One bucket more than bounds: what is above them all.
    private readonly long[] _buckets = new long[bounds is null ? 0 : bounds.Length + 1];
    private double _value;

    /// <summary>The value; of a histogram the sum of all its records.</summary>
    public double Value => Volatile.Read(ref _value);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        double seen = Volatile.Read(ref _value);
        double before;
        while (!IsSame(before = Interlocked.CompareExchange(ref _value, seen + value, seen), seen))
            seen = before;
    }

    public void Record(double value)
    {
        int bucket = Array.BinarySearch(bounds!, value);
        Interlocked.Increment(ref _buckets[bucket < 0 ? ~bucket : bucket]);
        Add(value);
    }

    public long CountIn(int bucket) => Volatile.Read(ref _buckets[bucket]);

    /// <summary>As an exchange compares: what is no number is the same as itself, and the two zeros differ.</summary>
    private static bool IsSame(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);
}
