namespace Sluice.Cli.Plots;

/// <summary>One direction of a chart: from values to places, and the values worth naming.</summary>
/// <param name="Least">Its first value; above 0 on a logarithmic axis.</param>
/// <param name="Most">Its last value, above the first.</param>
/// <param name="Label">What the values are, with their unit.</param>
/// <param name="Logarithmic">Equal steps are equal factors.</param>
internal sealed record Axis(double Least, double Most, string Label, bool Logarithmic = false)
{
    private const int FewestTicks = 4;
    private const double Smallest = 1e-9;

    /// <summary>From 0 to at least <paramref name="most"/>, ending at a tick.</summary>
    public static Axis FromZero(double most, string label)
    {
        double end = double.IsFinite(most) && most > Smallest ? most : 1;
        double step = StepFor(end);
        return new Axis(0, Math.Ceiling(end / step - Smallest) * step, label);
    }

    /// <summary>Around values above 0: logarithmic where they span more than a factor of 30, else from zero.</summary>
    public static Axis Around(double least, double most, string label)
    {
        bool wide = double.IsFinite(least) && double.IsFinite(most) && most > 30 * Math.Max(least, Smallest);
        return wide ? new Axis(Math.Max(least, most / 1e4) / 1.1, most * 1.1, label, Logarithmic: true) : FromZero(most, label);
    }

    /// <summary>0 for the first value, 1 for the last; what lies beyond is put at the edge.</summary>
    public double PlaceOf(double value)
    {
        double place = Logarithmic
            ? Math.Log(Math.Max(value, Least) / Least) / Math.Log(Most / Least)
            : (value - Least) / (Most - Least);
        return Math.Clamp(place, 0, 1);
    }

    public IReadOnlyList<double> Ticks => Logarithmic ? LogarithmicTicks() : LinearTicks();

    public static string Name(double value) => Math.Abs(value) switch
    {
        >= 1e6 => $"{value / 1e6:0.##}M",
        >= 1e4 => $"{value / 1e3:0.##}k",
        >= 100 => $"{value:0}",
        >= 10 => $"{value:0.#}",
        _ => $"{value:G3}",
    };

    private List<double> LinearTicks()
    {
        double step = StepFor(Most - Least);
        int count = (int)Math.Floor((Most - Least) / step + Smallest);
        return [.. Enumerable.Range(0, count + 1).Select(i => Least + i * step)];
    }

    private List<double> LogarithmicTicks()
    {
        double[] leading = Most / Least > 1000 ? [1] : [1, 2, 5];
        var ticks = new List<double>();
        for (int power = (int)Math.Floor(Math.Log10(Least)); Math.Pow(10, power) <= Most; power++)
            ticks.AddRange(leading.Select(digit => digit * Math.Pow(10, power)).Where(tick => tick >= Least && tick <= Most));
        return ticks;
    }

    /// <summary>1, 2 or 5 times a power of ten, so that there are at least four ticks.</summary>
    private static double StepFor(double length)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(length / FewestTicks)));
        double digit = length / FewestTicks / power;
        return power * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1);
    }
}
