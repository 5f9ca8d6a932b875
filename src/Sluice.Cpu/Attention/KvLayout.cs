using Sluice.Core.Backend;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Where things lie in a KV store: [layer][KV head][run of blocks], and there K of all its blocks, then V: a run is as long as what is attended to at once, so
/// that K and V are read in sequence (K and V by turns, block by block, took 15 % longer at 32k positions). The last run is as long as the others, so that
/// the distance from K to V is one. A word holds consecutive elements along the axis that is summed over, so that a loaded register serves all its lanes
/// without shuffling: K is [dim / elements][token] with lanes that are tokens, V is [token / elements][dim] with lanes that are dims. Scales come first,
/// [dim / 32][token] for both.
/// Lanes are padded to whole registers, dims that share scales to 32, elements to whole words; the padding of K's dims is zero, all other padding never
/// reaches a result.
/// </summary>
internal readonly struct KvLayout
{
    private const int Lanes = 16;
    private const int WordBytes = sizeof(int);

    public readonly int HeadDim;
    public readonly int KvHeads;
    public readonly int BlockTokens;
    private readonly int _layers;

    /// <param name="blocks">How many blocks there are: a run is no longer.</param>
    public KvLayout(KvGroupSpec spec, KvFormat format, int blocks = int.MaxValue)
    {
        HeadDim = spec.HeadDim;
        KvHeads = spec.KvHeads;
        BlockTokens = spec.BlockTokens;
        _layers = spec.Layers;
        Elements = format.Elements;
        TokenStride = Padded(spec.BlockTokens, Lanes);
        Dims = Padded(spec.HeadDim, Math.Max(Lanes, format.ScaleDims));
        ScaleBlocks = format.ScaleDims == 0 ? 0 : Dims / format.ScaleDims;
        ScaleBytes = Padded(ScaleBlocks * TokenStride * sizeof(ushort), 64);
        KeyBytes = ScaleBytes + Dims / Elements * TokenStride * WordBytes;
        RunBlocks = Math.Min(blocks, Math.Max(1, AttendJob.SplitTokens / spec.BlockTokens));
    }

    /// <summary>Elements in a word.</summary>
    public int Elements { get; }

    /// <summary>Slots of a block in K and in scales, padding included.</summary>
    public int TokenStride { get; }

    /// <summary>Elements of a token, padding included.</summary>
    public int Dims { get; }

    /// <summary>Scales of a token in K, and in V.</summary>
    public int ScaleBlocks { get; }

    /// <summary>Bytes of the scales before the elements of K, and of V.</summary>
    public int ScaleBytes { get; }

    /// <summary>Bytes of the K of a head in a block, with its scales, and of the V: it may be shorter, but then it is padded.</summary>
    public int KeyBytes { get; }

    /// <summary>Blocks of a run.</summary>
    public int RunBlocks { get; }

    /// <summary>Bytes from the K of a block to its V.</summary>
    public int ValueDistance => RunBlocks * KeyBytes;

    /// <summary>Bytes of K and V of a head in a run.</summary>
    public int RunBytes => 2 * RunBlocks * KeyBytes;

    /// <summary>Bytes of a row of V: the words of as many tokens as a word has elements.</summary>
    public int ValueRowBytes => Dims * WordBytes;

    /// <summary>Bytes of a row of K: the words of as many dims as a word has elements.</summary>
    public int KeyRowBytes => TokenStride * WordBytes;

    /// <summary>Bytes of one block over all heads and layers of its group.</summary>
    public long GroupBlockBytes => 2L * KeyBytes * KvHeads * _layers;

    /// <summary>Bytes from a head's first block to that of the next head.</summary>
    public long HeadPitch(int blocks) => (blocks + RunBlocks - 1L) / RunBlocks * RunBytes;

    /// <summary>Bytes from there to the K of a block.</summary>
    public long BlockOffset(int block) => (long)(block / RunBlocks) * RunBytes + block % RunBlocks * KeyBytes;

    private static int Padded(int count, int unit) => (count + unit - 1) / unit * unit;
}
