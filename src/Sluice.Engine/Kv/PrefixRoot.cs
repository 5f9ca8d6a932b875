using Sluice.Core.Steps;
using Sluice.Engine.Adapters;

namespace Sluice.Engine.Kv;

/// <summary>
/// What prefixes begin with before their first token. Those of different roots never share a block: a tenant's salt keeps tenants apart,
/// and what a token sees of its past, and through which adapter, is in the keys and values of every later layer.
/// </summary>
internal readonly record struct PrefixRoot(string? Salt, KvRetention Retention, EngineAdapter? Adapter = null)
{
    /// <summary>Start of a chain of block hashes.</summary>
    public ulong Seed()
    {
        ulong seed = BlockHash.Next(BlockHash.Seed(Salt), (ReadOnlySpan<int>)[Retention.Sinks, Retention.Window, Retention.Heavy]);
        return Adapter is null ? seed : BlockHash.Next(seed, (ReadOnlySpan<ulong>)[Adapter.Identity]);
    }
}
