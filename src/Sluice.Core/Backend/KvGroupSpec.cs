namespace Sluice.Core.Backend;

/// <summary>Layers whose KV is kept alike, and so share one block table: the unit the block allocator works in.</summary>
/// <param name="Layers">Layers in the group.</param>
/// <param name="KvHeads">KV heads on this rank.</param>
/// <param name="HeadDim">Values per head.</param>
/// <param name="BlockTokens">Positions per block.</param>
/// <param name="Type">Stored type: F32 or F16.</param>
public sealed record KvGroupSpec(int Layers, int KvHeads, int HeadDim, int BlockTokens, DType Type)
{
    /// <summary>Bytes of one block over all layers, K and V.</summary>
    public long BlockBytes => 2L * Layers * KvHeads * HeadDim * BlockTokens * (Type == DType.F32 ? 4 : 2);
}
