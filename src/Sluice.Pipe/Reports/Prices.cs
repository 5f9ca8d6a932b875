using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Reports;

/// <summary>What tokens cost, in USD per million.</summary>
public sealed record Prices(double Input, double Output)
{
    private const double Million = 1e6;

    public static Prices Free { get; } = new(0, 0);

    public double Of(Usage usage) => (usage.PromptTokens * Input + usage.CompletionTokens * Output) / Million;
}
