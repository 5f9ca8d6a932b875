namespace Sluice.Bench.Micro;

/// <summary>What one vocabulary took for each token, met for the first and for the second time, and for each grammar; in µs.</summary>
internal sealed record MaskTimes(List<double> Cold, List<double> Warm, List<double> Compile)
{
    /// <summary>The least time for each.</summary>
    public static List<double> Least(IReadOnlyList<MaskTimes> all, Func<MaskTimes, List<double>> which) =>
        [.. Enumerable.Range(0, which(all[0]).Count).Select(i => all.Min(times => which(times)[i]))];
}
