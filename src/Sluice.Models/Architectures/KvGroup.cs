using Sluice.Core;
using Sluice.Core.Backend;

namespace Sluice.Models.Architectures;

/// <summary>Layers whose KV is kept alike.</summary>
/// <param name="Layers">How many.</param>
/// <param name="KvHeads">KV heads on this rank.</param>
/// <param name="HeadDim">Values per head.</param>
/// <param name="Window">Most recent positions that these layers see; 0 for all.</param>
public sealed record KvGroup(int Layers, int KvHeads, int HeadDim, int Window = 0)
{
    public KvGroupSpec Spec(DType type, int blockTokens) => new(Layers, KvHeads, HeadDim, blockTokens, type, Window);
}
