using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Attention;

/// <summary>One split of the positions of a sequence in one KV head: some consecutive blocks, by address.</summary>
internal unsafe struct KvSplit
{
    private const int LineBytes = 64;

    public KvLayout Layout;

    /// <summary>The head in each block.</summary>
    public byte** Heads;

    public int Blocks;

    /// <summary>For each block, the head in a block of the split that comes next, to be fetched meanwhile.</summary>
    public byte** Next;

    public int FirstPosition;

    /// <summary>Whether K is in the cache already, as the split before has fetched it.</summary>
    public bool IsFetched;

    /// <summary>Slots are counted over the blocks with K's padding; these hold the positions below <paramref name="visible"/>, and padding between.</summary>
    public readonly int SlotsBelow(int visible)
    {
        int tokens = visible - FirstPosition;
        if (tokens <= 0)
            return 0;
        if (tokens >= Blocks * Layout.BlockTokens)
            return Blocks * Layout.TokenStride;
        return tokens / Layout.BlockTokens * Layout.TokenStride + tokens % Layout.BlockTokens;
    }

    /// <summary>Fetches the K, with its scales, of the blocks that hold slots [first, end).</summary>
    public readonly void FetchKeys(int first, int end)
    {
        if (!Sse.IsSupported)
            return;
        for (int b = first / Layout.TokenStride; b < Blocks && b * Layout.TokenStride < end; b++)
        {
            for (int line = 0; line < Layout.KeyBytes; line += LineBytes)
                Sse.Prefetch1(Heads[b] + line);
        }
    }

    /// <summary>Fetches the scales of K in the split that comes next, which lie beside the rows that are fetched meanwhile.</summary>
    public readonly void FetchNextScales()
    {
        if (!Sse.IsSupported)
            return;
        for (int b = 0; b < Blocks; b++)
        {
            for (int line = 0; line < Layout.ScaleBytes; line += LineBytes)
                Sse.Prefetch1(Next[b] + line);
        }
    }

    /// <summary>Tokens of block <paramref name="b"/> among the first <paramref name="slots"/> slots.</summary>
    public readonly int TokensOf(int b, int slots) => Math.Clamp(slots - b * Layout.TokenStride, 0, Layout.BlockTokens);
}
