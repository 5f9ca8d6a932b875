namespace Sluice.Cli.Bench;

/// <summary>How fast one sequence decoded.</summary>
/// <param name="depth">Tokens of context stored before it began.</param>
/// <param name="bytesPerToken">Weights and KV that one token reads.</param>
/// <param name="runs">At least one.</param>
internal sealed class DecodeSpeed(int depth, long bytesPerToken, IReadOnlyList<DecodeRun> runs)
{
    // Where memory never kept its rate, a share of what changed is better than none: it is told with how many runs were steady.
    private readonly DecodeRun[] _telling = runs.Any(run => run.IsSteady) ? [.. runs.Where(run => run.IsSteady)] : [.. runs];

    public int Depth => depth;

    public long BytesPerToken => bytesPerToken;

    /// <summary>Median of all runs.</summary>
    public double Tps => Medians.Of(runs.Select(run => run.Tps));

    /// <summary>What the memory gave around the runs that tell the share: their median.</summary>
    public double ReadGbps => Medians.Of(_telling.Select(run => run.Gbps));

    /// <summary>The part of the memory's read bandwidth that the runs reached between whose two measures it did not change: their median.</summary>
    public double Share => Medians.Of(_telling.Select(run => run.Tps * bytesPerToken / (run.Gbps * 1e9)));

    /// <summary>How many runs those are.</summary>
    public int Steady => runs.Count(run => run.IsSteady);

    public int Runs => runs.Count;
}
