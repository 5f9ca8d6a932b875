using Sluice.Core.Steps;

namespace Sluice.Core.Backend;

/// <summary>Layers whose KV is kept alike, and so share one block table: the unit the block allocator works in.</summary>
/// <param name="Layers">Layers in the group.</param>
/// <param name="KvHeads">KV heads on this rank.</param>
/// <param name="HeadDim">Values per head.</param>
/// <param name="BlockTokens">Positions per block.</param>
/// <param name="Type">Stored type; which ones there are, a backend says.</param>
/// <param name="Window">Most recent positions that these layers see by the model's design; 0 for all.</param>
public sealed record KvGroupSpec(int Layers, int KvHeads, int HeadDim, int BlockTokens, DType Type, int Window = 0)
{
    /// <summary>What counts in these layers: the model's own window, where it has one, else what was chosen for the sequence.</summary>
    public KvRetention Retention(KvRetention chosen) => Window > 0 ? new KvRetention(0, Window) : chosen;
}
