namespace Sluice.Pipe.Estimates;

/// <summary>A total that a sample speaks for: its likeliest value, and where it lies with 95 % confidence.</summary>
public readonly record struct Interval(double Low, double Value, double High)
{
    /// <summary>Student's t, two-sided 95 %, by degrees of freedom from 1.</summary>
    private static readonly double[] Student =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    public static Interval Exactly(double value) => new(value, value, value);

    public static Interval operator +(Interval a, Interval b) => new(a.Low + b.Low, a.Value + b.Value, a.High + b.High);

    public static Interval operator *(Interval a, double factor) => new(a.Low * factor, a.Value * factor, a.High * factor);

    /// <summary>No less than that.</summary>
    public Interval AtLeast(double least) => new(Math.Max(Low, least), Math.Max(Value, least), Math.Max(High, least));

    /// <summary>The sum over all of a set, of which some were measured.</summary>
    /// <param name="measured">At least two.</param>
    /// <param name="all">How many there are, the measured ones included.</param>
    public static Interval OfTotal(IReadOnlyList<double> measured, long all)
    {
        double mean = measured.Average();
        return Around(mean * all, measured.Sum(value => (value - mean) * (value - mean)), measured.Count, all);
    }

    /// <summary>The same, where something is known of all that the values are nearly in proportion to: the ratio estimator.</summary>
    /// <param name="measured">What is known of each, and its value; at least two.</param>
    /// <param name="known">The sum over all of what is known.</param>
    public static Interval OfTotal(IReadOnlyList<(double Known, double Value)> measured, double known, long all)
    {
        double ratio = measured.Sum(one => one.Value) / Math.Max(1, measured.Sum(one => one.Known));
        double squares = measured.Sum(one => (one.Value - (ratio * one.Known)) * (one.Value - (ratio * one.Known)));
        return Around(ratio * known, squares, measured.Count, all);
    }

    /// <param name="squares">Sum of the squares of what the values differ from their mean, or from the ratio.</param>
    private static Interval Around(double total, double squares, int count, long all)
    {
        int freedom = count - 1;
        double t = freedom <= Student.Length ? Student[freedom - 1] : 1.96 + (2.4 / freedom);
        double variance = squares / freedom / count * Math.Max(0, 1 - ((double)count / all));
        double half = all * t * Math.Sqrt(variance);
        return new Interval(Math.Max(0, total - half), total, total + half);
    }
}
