namespace Sluice.Cli.Bench;

/// <summary>How fast one sequence decoded.</summary>
/// <param name="depth">Tokens of context stored before it began.</param>
/// <param name="bytesPerToken">Weights and KV that one token reads.</param>
/// <param name="runs">At least one.</param>
internal sealed class DecodeSpeed(int depth, long bytesPerToken, IReadOnlyList<DecodeRun> runs)
{
    private readonly DecodeSlice[] _slices = [.. runs.SelectMany(run => run.Slices)];

    public int Depth => depth;

    public long BytesPerToken => bytesPerToken;

    /// <summary>Median of the runs.</summary>
    public double Tps => Medians.Of(runs.Select(run => run.Tps));

    /// <summary>What the memory gave beside the slices: the least, their median, and the most, in GB per second.</summary>
    public (double Least, double Median, double Most) ReadGbps =>
        (_slices.Min(slice => slice.Gbps), Medians.Of(_slices.Select(slice => slice.Gbps)), _slices.Max(slice => slice.Gbps));

    /// <summary>The part of the memory's read bandwidth that decoding reached: the median of the slices, each against what the memory gave right beside it.</summary>
    public double Share => Medians.Of(_slices.Select(slice => slice.ShareOf(bytesPerToken)));
}
