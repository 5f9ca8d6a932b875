namespace Sluice.Cli.Bench;

/// <summary>How fast one sequence decoded.</summary>
/// <param name="Depth">Tokens of context stored before it began.</param>
/// <param name="BytesPerToken">Weights and KV that one token reads.</param>
internal readonly record struct DecodeSpeed(int Depth, double Tps, long BytesPerToken)
{
    /// <summary>The part of the memory's read bandwidth that it reaches.</summary>
    public double ShareOf(double readGbps) => Tps * BytesPerToken / (readGbps * 1e9);
}
