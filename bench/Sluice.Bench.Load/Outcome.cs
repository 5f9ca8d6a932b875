namespace Sluice.Bench.Load;

/// <summary>What a policy made of a trace.</summary>
/// <param name="FirstTokens">Seconds to the first token of each request.</param>
/// <param name="Whole">Seconds to its last.</param>
/// <param name="HitShare">Prompt tokens that were cached, as a share of all.</param>
internal sealed record Outcome(string Policy, List<double> FirstTokens, List<double> Whole, int Refused, double HitShare)
{
    public double MeanFirst => FirstTokens.Average();

    public double FirstPercentile(double share)
    {
        double[] sorted = [.. FirstTokens.Order()];
        return sorted[(int)(share * (sorted.Length - 1))];
    }
}
