namespace Sluice.Cli.Bench;

/// <summary>A run of one sequence that decodes, and what the memory gave just before and just after it, in GB (10^9 bytes) per second.</summary>
internal readonly record struct DecodeRun(double Tps, double GbpsBefore, double GbpsAfter)
{
    private const double MostChange = 0.1;

    public double Gbps => (GbpsBefore + GbpsAfter) / 2;

    /// <summary>A shared machine's memory may give twice as much from one second to the next; a run across such a change says nothing of a share.</summary>
    public bool IsSteady => Math.Abs(GbpsBefore - GbpsAfter) <= MostChange * Gbps;
}
