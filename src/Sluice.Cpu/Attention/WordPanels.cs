using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>
/// The K and V of a split as pairs of 16 bits, taken apart once for all queries of a tile: K in panels of <see cref="PanelTokens"/> slots,
/// [panel][dim / 2][slot], with their scales [panel][dim / 32][slot]; V as [slot / 2][dim].
/// </summary>
internal static unsafe class WordPanels<E, W, I, L, V>
    where E : IKvWords
    where W : IWordLanes<I, V>
    where I : unmanaged
    where L : ILanes<V>
    where V : unmanaged
{
    public const int PanelTokens = 32; // what a kernel of scores takes at once
    public const int PanelRowBytes = PanelTokens * sizeof(int);

    private static int Panels(int slots) => (slots + PanelTokens - 1) / PanelTokens;

    public static int KeyBytes(in KvLayout layout, int slots) => Panels(slots) * PanelRowBytes * layout.Dims / 2;

    public static int ScaleBytes(in KvLayout layout, int slots) => Panels(slots) * PanelTokens * layout.ScaleBlocks * sizeof(ushort);

    public static int ValueBytes(in KvLayout layout, int slots) => (slots + 1) / 2 * layout.ValueRowBytes;

    /// <summary>Takes apart the blocks that hold the first <paramref name="slots"/> slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(in KvSplit split, int slots, byte* keys, ushort* scales, byte* values)
    {
        var layout = split.Layout;
        for (int b = 0; b * layout.TokenStride < slots; b++)
        {
            int first = b * layout.TokenStride;
            byte* head = split.Heads[b];
            for (int i = 0; i < layout.TokenStride; i += L.Count)
            {
                int panel = (first + i) / PanelTokens, at = (first + i) % PanelTokens;
                Column(head + layout.ScaleBytes + i * sizeof(int), layout.KeyRowBytes, layout.Dims,
                    keys + ((long)panel * layout.Dims / 2 * PanelTokens + at) * sizeof(int), PanelRowBytes);
                for (int block = 0; block < layout.ScaleBlocks; block++)
                {
                    new Span<ushort>((ushort*)head + block * layout.TokenStride + i, L.Count)
                        .CopyTo(new Span<ushort>(scales + (panel * layout.ScaleBlocks + block) * PanelTokens + at, L.Count));
                }
            }
            byte* rows = values + (long)first / 2 * layout.ValueRowBytes;
            for (int i = 0; i < layout.Dims; i += L.Count)
            {
                Column(head + layout.ValueDistance + layout.ScaleBytes + i * sizeof(int), layout.ValueRowBytes, split.TokensOf(b, slots),
                    rows + i * sizeof(int), layout.ValueRowBytes);
            }
        }
    }

    /// <summary>Takes apart the elements of some lanes, from rows of words to rows of pairs; what is beyond <paramref name="count"/> in the last word is taken too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(byte* from, int rowBytes, int count, byte* to, int toBytes)
    {
        for (int j = 0; j < count; j += 2 * E.Pairs, from += rowBytes, to += E.Pairs * toBytes)
        {
            I words = W.Load(from);
            W.Store(to, E.Pair<W, I, V>(words, 0));
            W.Store(to + toBytes, E.Pair<W, I, V>(words, 1));
            if (E.Pairs > 2)
            {
                W.Store(to + 2 * toBytes, E.Pair<W, I, V>(words, 2));
                W.Store(to + 3 * toBytes, E.Pair<W, I, V>(words, 3));
            }
        }
    }
}
