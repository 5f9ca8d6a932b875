using Sluice.Core.Backend;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Where things lie in a KV store: [layer][block][KV head], and there K as [dim][token], so that lanes are tokens and a score needs no
/// horizontal sum, then V as [token][dim], so that lanes are dims. Tokens of K and dims of V are padded to whole registers; what the padding holds never reaches a result.
/// </summary>
internal readonly struct KvLayout(KvGroupSpec spec, int blocks, int elementBytes)
{
    private const int Lanes = 16;

    public readonly int ElementBytes = elementBytes;
    public readonly int HeadDim = spec.HeadDim;
    public readonly int KvHeads = spec.KvHeads;
    public readonly int BlockTokens = spec.BlockTokens;

    /// <summary>Slots of a block in K, padding included.</summary>
    public readonly int TokenStride = Padded(spec.BlockTokens);

    /// <summary>Elements of a token in V, padding included.</summary>
    public readonly int DimStride = Padded(spec.HeadDim);

    public long KeyBytes => (long)HeadDim * TokenStride * ElementBytes;

    public long HeadBytes => KeyBytes + (long)BlockTokens * DimStride * ElementBytes;

    /// <summary>Bytes of the K or the V of a head in a block, decoded to F32.</summary>
    public long WidenedBytes => Math.Max((long)HeadDim * TokenStride, (long)BlockTokens * DimStride) * sizeof(float);

    public long BlockBytes => HeadBytes * KvHeads;

    public long TotalBytes => BlockBytes * blocks * spec.Layers;

    /// <summary>Offset of the K of a head in a block; its V follows after <see cref="KeyBytes"/>.</summary>
    public long Offset(int layer, int block, int head) => ((long)layer * blocks + block) * BlockBytes + head * HeadBytes;

    private static int Padded(int count) => (count + Lanes - 1) / Lanes * Lanes;
}
