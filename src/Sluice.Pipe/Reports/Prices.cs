using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Reports;

/// <summary>What tokens cost, in USD per million.</summary>
/// <param name="CachedInput">Of prompt tokens that were not computed again; null where they cost what the others do.</param>
public sealed record Prices(double Input, double Output, double? CachedInput = null)
{
    private const double Million = 1e6;

    public static Prices Free { get; } = new(0, 0);

    public double Of(Usage usage)
    {
        int cached = Math.Min(usage.CachedTokens, usage.PromptTokens);
        return (((usage.PromptTokens - cached) * Input) + (cached * (CachedInput ?? Input)) + (usage.CompletionTokens * Output)) / Million;
    }
}
