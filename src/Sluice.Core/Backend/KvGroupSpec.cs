namespace Sluice.Core.Backend;

/// <summary>Layers whose KV is kept alike, and so share one block table: the unit the block allocator works in.</summary>
/// <param name="Layers">Layers in the group.</param>
/// <param name="KvHeads">KV heads on this rank.</param>
/// <param name="HeadDim">Values per head.</param>
/// <param name="BlockTokens">Positions per block.</param>
/// <param name="Type">Stored type; which ones there are, a backend says.</param>
public sealed record KvGroupSpec(int Layers, int KvHeads, int HeadDim, int BlockTokens, DType Type);
