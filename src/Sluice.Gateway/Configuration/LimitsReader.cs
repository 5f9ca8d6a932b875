namespace Sluice.Gateway.Configuration;

/// <summary>Reads limits, wherever they stand.</summary>
internal static class LimitsReader
{
    private const double MostRate = 1e12;
    private const int MostConcurrency = 1_000_000;

    private static readonly string[] RateKeys = ["requests_per_second", "requests_per_minute", "tokens_per_minute", "concurrency"];
    private static readonly (string, string)[] NotBuilt = [("usd_per_day", "limit tokens instead")];

    /// <summary>The <c>limits</c> of a part of the configuration.</summary>
    public static RateConfig Read(Section parent) =>
        parent.FindSection("limits", RateKeys, NotBuilt) is { } limits ? ReadRates(limits) : new RateConfig();

    /// <summary>Those of the whole server.</summary>
    public static LimitsConfig ReadGlobal(Section root)
    {
        var defaults = new LimitsConfig();
        if (root.FindSection("limits", [.. RateKeys, "queue", "adaptive"], NotBuilt) is not { } limits)
            return defaults;
        Section? queue = limits.FindSection("queue", ["length", "wait"]);
        return new LimitsConfig
        {
            Rates = ReadRates(limits),
            QueueLength = queue?.FindInteger("length", 0, 1_000_000) ?? defaults.QueueLength,
            QueueWait = queue?.FindDuration("wait") ?? defaults.QueueWait,
            Adaptive = limits.FindFlag("adaptive") ?? false,
        };
    }

    private static RateConfig ReadRates(Section limits) => new()
    {
        RequestsPerSecond = limits.FindNumber("requests_per_second", 0.001, MostRate),
        RequestsPerMinute = limits.FindNumber("requests_per_minute", 0.001, MostRate),
        TokensPerMinute = limits.FindNumber("tokens_per_minute", 1, MostRate),
        Concurrency = limits.FindInteger("concurrency", 1, MostConcurrency),
    };
}
