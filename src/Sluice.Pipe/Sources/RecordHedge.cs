using Sluice.Gateway.Configuration;

namespace Sluice.Pipe.Sources;

/// <summary>How a pool hedges for a run, whose requests are alike and whose answers mostly come in one body.</summary>
public static class RecordHedge
{
    // One in a hundred is asked twice when all is well, and never more than one in twenty.
    private const double Percentile = 0.99;
    private const double Budget = 0.05;

    public static HedgeConfig Config { get; } = new(Percentile, null) { OfAlike = true, AsksSameAgain = true, Budget = Budget };
}
