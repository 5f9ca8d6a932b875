using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>
/// The K and V of a split as F32, decoded once for all queries of a tile: K in panels of <see cref="PanelTokens"/> slots, [panel][dim][slot], so that what
/// a few queries read again and again stays in the first cache; V as [slot][dim].
/// </summary>
internal static unsafe class FloatPanels<E, L, V> where E : IKvFloat where L : ILanes<V> where V : unmanaged
{
    public const int PanelTokens = 32; // what a kernel of scores takes at once
    public const int PanelRowBytes = PanelTokens * sizeof(float);

    public static int KeyBytes(in KvLayout layout, int slots) => (slots + PanelTokens - 1) / PanelTokens * PanelRowBytes * layout.Dims;

    public static int ValueBytes(in KvLayout layout, int slots) => slots * layout.ValueRowBytes;

    /// <summary>Decodes the blocks that hold the first <paramref name="slots"/> slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(in KvSplit split, int slots, byte* keys, byte* values)
    {
        var layout = split.Layout;
        for (int b = 0; b * layout.TokenStride < slots; b++)
        {
            int first = b * layout.TokenStride;
            for (int i = 0; i < layout.TokenStride; i += L.Count)
            {
                byte* to = keys + ((first + i) / PanelTokens * layout.Dims * PanelTokens + (first + i) % PanelTokens) * sizeof(float);
                Column(split.Heads[b] + i * sizeof(float), layout.KeyRowBytes, layout.Dims, to, PanelRowBytes);
            }
            int tokens = split.TokensOf(b, slots);
            byte* rows = values + (long)first * layout.ValueRowBytes;
            for (int i = 0; i < layout.Dims; i += L.Count)
                Column(split.Heads[b] + layout.ValueDistance + i * sizeof(float), layout.ValueRowBytes, tokens, rows + i * sizeof(float), layout.ValueRowBytes);
            // The padding between blocks has weights of zero, and must be finite.
            new Span<byte>(rows + tokens * layout.ValueRowBytes, (layout.TokenStride - tokens) * layout.ValueRowBytes).Clear();
        }
    }

    /// <summary>Decodes the elements of some lanes from rows of words to rows of floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(byte* from, int rowBytes, int count, byte* to, int toBytes)
    {
        int pairBytes = rowBytes * 2 / E.Format.Elements;
        int j = 0;
        for (; j + 2 <= count; j += 2, from += pairBytes, to += 2 * toBytes)
        {
            L.Store((float*)to, E.LoadFirst<L, V>(from));
            L.Store((float*)(to + toBytes), E.LoadSecond<L, V>(from, rowBytes));
        }
        if (j < count)
            L.Store((float*)to, E.LoadFirst<L, V>(from));
    }
}
