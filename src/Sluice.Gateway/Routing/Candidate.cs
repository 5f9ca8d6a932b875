using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Routing;

/// <summary>
/// A member of a pool that may be chosen now, as its state was when the choice began. The router fills it, policies read it.
/// </summary>
public readonly record struct Candidate
{
    /// <summary>Number within the pool, from 0; it stays while the pool's configuration does.</summary>
    public required int Id { get; init; }

    /// <summary>Source, replica and model; the same over reloads.</summary>
    public required string Name { get; init; }

    /// <summary>Above 0.</summary>
    public double Weight { get; init; }

    public IReadOnlyList<string> Tags { get; init; }

    /// <summary>What it asks for; null where it costs nothing or nobody said.</summary>
    public PriceConfig? Price { get; init; }

    /// <summary>Requests this process has sent it that have not ended.</summary>
    public int InFlight { get; init; }

    /// <summary>Prompt tokens ahead of a new request: what an engine says of its own queue, else what was sent and not begun.</summary>
    public long QueuedTokens { get; init; }

    /// <summary>Tokens of this prompt whose KV is there; null where it cannot be known.</summary>
    public int? CachedTokens { get; init; }

    /// <summary>Expected wait for the first token by recent experience, jumping up at once and coming down slowly; 0 without any.</summary>
    public double FirstTokenSeconds { get; init; }

    /// <summary>Time between tokens of an answer, likewise.</summary>
    public double TokenSeconds { get; init; }

    /// <summary>Work in progress by weight, this request included.</summary>
    public double Load => (InFlight + 1) / Weight;
}
