namespace Sluice.Cli.Load;

/// <summary>What requests a load consists of. Equal settings give equal traces, on any machine.</summary>
internal sealed record TraceSettings
{
    /// <summary>
    /// Requests per second, arriving independently of each other (a Poisson process); null where the next one starts when one has ended.
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>Tokens of a prompt that no other request has.</summary>
    public required LengthMix Prompt { get; init; }

    /// <summary>Most tokens of an answer.</summary>
    public required LengthMix Output { get; init; }

    /// <summary>Tokens that stand before each prompt and are shared with others; 0 for none.</summary>
    public int PrefixTokens { get; init; }

    /// <summary>How many different shared beginnings there are; each request has one of them.</summary>
    public int Prefixes { get; init; } = 1;

    public int Seed { get; init; }
}
