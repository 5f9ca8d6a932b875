using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>A thread's working memory for quantised KV: quantised queries first, for they stay while the rest is used again for every split.</summary>
internal readonly unsafe struct WordWork<E, W, I, L, V>
    where E : IKvWords
    where W : IWordLanes<I, V>
    where I : unmanaged
    where L : ILanes<V>
    where V : unmanaged
{
    public readonly int Slots;
    public readonly WordQueries Queries;

    /// <summary>Scores, then weights, of the queries scored at once: rows of <see cref="Slots"/>.</summary>
    public readonly float* Scores;

    /// <summary>V's scales for the dims in question.</summary>
    public readonly float* ValueScales;

    /// <summary>Weights of one query times V's scales.</summary>
    public readonly float* Products;

    /// <summary>Those as whole numbers, for the queries scored at once.</summary>
    public readonly short* Weights;

    public readonly byte* Keys;
    public readonly ushort* KeyScales;
    public readonly byte* Values;
    public readonly long Bytes;

    public WordWork(in KvLayout layout, int queries, int slots, byte* memory)
    {
        const int Scored = AttentionKernel.ScoredQueries;
        Slots = slots;
        var words = (short*)memory;
        var scales = (float*)(words + queries * layout.Dims);
        var biases = (int*)(scales + queries * layout.ScaleBlocks);
        Queries = new WordQueries { Words = words, Scales = scales, Biases = biases, Dims = layout.Dims };
        Scores = (float*)(memory + Aligned((byte*)(biases + queries * layout.ScaleBlocks) - memory));
        ValueScales = Scores + Scored * slots;
        Products = ValueScales + slots;
        Weights = (short*)(Products + slots);
        Keys = (byte*)(Weights + Scored * slots);
        KeyScales = (ushort*)(Keys + WordPanels<E, W, I, L, V>.KeyBytes(layout, slots));
        Values = (byte*)KeyScales + WordPanels<E, W, I, L, V>.ScaleBytes(layout, slots);
        Bytes = Values + WordPanels<E, W, I, L, V>.ValueBytes(layout, slots) - memory;
    }

    /// <summary>V's scales for one run of dims as floats; zero in the padding of blocks.</summary>
    public void LoadValueScales(in KvSplit split, int block, int slots)
    {
        var layout = split.Layout;
        for (int slot = 0, b = 0; slot < slots; slot += layout.TokenStride, b++)
        {
            var scales = (ushort*)(split.Heads[b] + layout.ValueDistance) + block * layout.TokenStride;
            for (int i = 0; i < layout.TokenStride; i += L.Count)
                L.Store(ValueScales + slot + i, L.LoadScales(scales + i));
            for (int i = layout.BlockTokens; i < layout.TokenStride; i++)
                ValueScales[slot + i] = 0;
        }
    }

    private static long Aligned(long bytes) => (bytes + 63) & ~63L;
}
