using System.Collections.Frozen;
using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Routing;

/// <summary>Every named policy: one line each.</summary>
internal static class PolicyRegistry
{
    private static readonly FrozenDictionary<string, Func<PoolConfig, IRoutingPolicy>> Policies =
        new Dictionary<string, Func<PoolConfig, IRoutingPolicy>>
        {
            ["round-robin"] = _ => new RoundRobinPolicy(),
            ["weighted"] = _ => new WeightedPolicy(),
            ["least-connections"] = _ => new LeastConnectionsPolicy(),
            ["p2c"] = _ => new TwoChoicesPolicy(),
            ["latency"] = _ => new LatencyPolicy(),
            ["cost"] = _ => new CostPolicy(),
            ["content"] = pool => new ContentPolicy(pool.Rules),
            ["prefix"] = _ => new PrefixPolicy(),
            ["session"] = pool => new SessionPolicy(pool.SessionHeader),
            ["light-deep"] = pool => new LightDeepPolicy(pool.Rules),
        }.ToFrozenDictionary();

    public static IEnumerable<string> Names => Policies.Keys.Order(StringComparer.Ordinal);

    public static bool Knows(string name) => Policies.ContainsKey(name);

    /// <summary>A policy of its own for a pool, whose configuration has been checked.</summary>
    public static IRoutingPolicy Create(PoolConfig pool) => pool.Plugin ?? Policies[pool.Policy](pool);
}
