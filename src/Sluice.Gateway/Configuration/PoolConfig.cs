using Sluice.Gateway.Routing;

namespace Sluice.Gateway.Configuration;

/// <summary>A public model name and who answers for it.</summary>
public sealed record PoolConfig
{
    public required string Name { get; init; }

    public int Line { get; init; }

    /// <summary>The same as long as the pool is configured the same.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Name of a routing policy, as registered, or <c>plugin:NAME</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>The policy itself where it comes from a plugin.</summary>
    internal PolicyPlugin? Plugin { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<MemberConfig> Members { get; init; }

    /// <summary>Pools that are asked, in this order, where no member can answer.</summary>
    public IReadOnlyList<string> Fallback { get; init; } = [];

    public RetryConfig Retry { get; init; } = new();

    /// <summary>Null never hedges.</summary>
    public HedgeConfig? Hedge { get; init; }

    public BreakerConfig Breaker { get; init; } = new();

    public RateConfig Limits { get; init; } = new();

    /// <summary>For the policies content and light-deep: which request goes to members of which tag; the first rule that fits.</summary>
    public IReadOnlyList<RuleConfig> Rules { get; init; } = [];

    /// <summary>For the policy session: the header that names the session; without it the request's user, then its key.</summary>
    public string? SessionHeader { get; init; }
}
