using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Attention for quantised types of any register width. Queries and weights become whole numbers of 16 bits, so that all long sums are exact; two products in
/// an instruction are also twice as fast as floats. Nothing depends on slots that a query does not see, so a tile's shape does not show in the result.
/// </summary>
/// <param name="emitted">Whether four queries are done by emitted code, which takes AVX-512 VNNI.</param>
internal sealed unsafe class WordAttention<E, W, I, L, V>(bool emitted = false) : AttentionKernel
    where E : IKvWords
    where W : IWordLanes<I, V>
    where I : unmanaged
    where L : ILanes<V>
    where V : unmanaged
{
    public override KvFormat Format => E.Format;

    /// <summary>So many products of a byte and 16 bits fit a sum of 32.</summary>
    public override int MostBlockTokens => 512;

    public override void Append(in KvLayout layout, byte* head, int slot, float* k, float* v)
    {
        Span<float> values = stackalloc float[WordQueries.ScaleDims];
        Span<int> stored = stackalloc int[WordQueries.ScaleDims];
        byte* keys = head + layout.ScaleBytes + slot * sizeof(int);
        byte* tokens = head + layout.ValueDistance + layout.ScaleBytes + slot / layout.Elements * layout.ValueRowBytes;
        for (int block = 0; block < layout.ScaleBlocks; block++)
        {
            int first = block * WordQueries.ScaleDims, present = Math.Min(WordQueries.ScaleDims, layout.HeadDim - first);
            int scale = block * layout.TokenStride + slot;
            values.Clear();
            new Span<float>(k + first, present).CopyTo(values);
            ((Half*)head)[scale] = E.Quantize(values, stored);
            for (int i = 0; i < stored.Length; i++)
                E.Store(keys + (first + i) / layout.Elements * layout.KeyRowBytes, i % layout.Elements, stored[i]);
            new Span<float>(v + first, present).CopyTo(values);
            ((Half*)(head + layout.ValueDistance))[scale] = E.Quantize(values, stored);
            for (int i = 0; i < stored.Length; i++)
                E.Store(tokens + (first + i) * sizeof(int), slot % layout.Elements, stored[i]);
        }
    }

    public override long WorkBytes(in KvLayout layout, int queries, int slots) => new WordWork<E, W, I, L, V>(layout, queries, slots, null).Bytes;

    public override void Prepare(in QueryTile tile, in KvLayout layout, byte* memory)
    {
        var queries = new WordWork<E, W, I, L, V>(layout, tile.Count, 0, memory).Queries;
        float* values = stackalloc float[WordQueries.ScaleDims];
        for (int t = 0; t < tile.Count; t++)
        {
            var q = queries.From(t);
            for (int block = 0; block < layout.ScaleBlocks; block++)
            {
                int first = block * WordQueries.ScaleDims;
                for (int i = 0; i < WordQueries.ScaleDims; i++)
                    values[i] = first + i < layout.HeadDim ? tile.Query(t)[first + i] : 0;
                WordQuantizer<L, V>.Quantize(values, WordQueries.ScaleDims, q.Words + first, E.Zero != 0, out float scale, out int sum);
                q.Scales[block] = scale * tile.Scale;
                q.Biases[block] = -E.Zero * sum;
            }
        }
    }

    public override void Attend(in QueryTile tile, in KvSplit split, int slots, byte* memory, in AttentionPart part)
    {
        var work = new WordWork<E, W, I, L, V>(split.Layout, tile.Count, slots, memory);
        if (tile.Rows > 1)
            WordPanels<E, W, I, L, V>.Fill(split, split.SlotsBelow(tile.Visible(tile.Count - 1)), work.Keys, work.KeyScales, work.Values);
        for (int t = 0; t < tile.Count; t += ScoredQueries)
        {
            int queries = Math.Min(ScoredQueries, tile.Count - t);
            int seen = split.SlotsBelow(tile.Visible(t + queries - 1));
            int computed = (seen + 15) & ~15;
            if (tile.Rows > 1)
                ScorePanels(split.Layout, work, t, queries, computed);
            else
                ScoreStored(split, work, t, queries, computed);
            for (int i = 0; i < queries; i++)
            {
                float* scores = work.Scores + i * slots;
                PartKernels<L, V>.Hide(split, tile, t + i, scores, computed);
                PartKernels<L, V>.Exponentiate(scores, computed, 1, out part.Greatest[t + i], out part.Sums[t + i]);
            }
            split.FetchNextScales();
            for (int block = 0; block < split.Layout.ScaleBlocks; block++)
                Weigh(tile, split, work, t, queries, block, seen, computed, part);
        }
    }

    public override void Clear(in AttentionPart part, int queries) => PartKernels<L, V>.Clear(part, queries);

    public override void Merge(in QueryTile tile, in AttentionPart total, in AttentionPart part) => PartKernels<L, V>.Merge(tile.Count, total, part, 1);

    public override void Join(in QueryTile tile, in AttentionPart total, in AttentionPart span) => PartKernels<L, V>.Merge(tile.Count, total, span, 1);

    public override void Finish(in QueryTile tile, in AttentionPart total, float* y, long yStride) => PartKernels<L, V>.Finish(tile, total, y, yStride);

    private void ScoreStored(in KvSplit split, in WordWork<E, W, I, L, V> work, int first, int queries, int computed)
    {
        ref readonly var layout = ref split.Layout;
        var cursor = new SlotCursor(split);
        for (int slot = 0; slot < computed; slot += ScoredSlots)
        {
            if (!split.IsFetched)
                split.FetchKeys(slot == 0 ? 0 : slot + FetchedSlots, Math.Min(computed, slot + FetchedSlots + ScoredSlots));
            int tokens = Math.Min(ScoredSlots, computed - slot);
            byte* head = cursor.Head, nextHead = head;
            int at = cursor.Slot, nextAt = at;
            cursor.Next();
            if (tokens > 16)
            {
                nextHead = cursor.Head;
                nextAt = cursor.Slot;
                cursor.Next();
            }
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(head + layout.ValueDistance + at * sizeof(ushort));
                Sse.Prefetch1(nextHead + layout.ValueDistance + nextAt * sizeof(ushort));
            }
            byte* keys = head + layout.ScaleBytes + at * sizeof(int);
            Score<E>(work, first, queries, slot, new WordKeys
            {
                Keys = keys,
                Gap = (nint)(nextHead + layout.ScaleBytes + nextAt * sizeof(int) - keys),
                Scales = (ushort*)head + at,
                NextScales = (ushort*)nextHead + nextAt,
                ScaleStride = layout.TokenStride,
                Tokens = tokens,
                RowBytes = layout.KeyRowBytes,
                Ahead = layout.ValueDistance,
            });
        }
    }

    private void ScorePanels(in KvLayout layout, in WordWork<E, W, I, L, V> work, int first, int queries, int computed)
    {
        const int RowBytes = WordPanels<E, W, I, L, V>.PanelRowBytes;
        for (int slot = 0; slot < computed; slot += ScoredSlots)
        {
            ushort* scales = work.KeyScales + slot * layout.ScaleBlocks;
            Score<PairKv>(work, first, queries, slot, new WordKeys
            {
                Keys = work.Keys + (long)slot * layout.Dims / 2 * sizeof(int),
                Gap = 16 * sizeof(int),
                Scales = scales,
                NextScales = scales + 16,
                ScaleStride = ScoredSlots,
                Tokens = Math.Min(ScoredSlots, computed - slot),
                RowBytes = RowBytes,
                Ahead = layout.Dims / 2 * RowBytes,
            });
        }
    }

    private void Score<P>(in WordWork<E, W, I, L, V> work, int first, int queries, int slot, in WordKeys keys) where P : IKvPairs
    {
        float* scores = work.Scores + slot;
        int t = 0;
        for (; t + 4 <= queries; t += 4, scores += 4 * work.Slots)
        {
            var q = work.Queries.From(first + t);
            if (emitted && keys.Tokens == ScoredSlots)
            {
                var k = keys;
                WordProducts<P>.Scores(&k, &q, scores, (nint)work.Slots * sizeof(float));
            }
            else
            {
                WordScores<P, W, I, L, V>.Four(q, keys, scores, work.Slots);
            }
        }
        for (; t < queries; t++, scores += work.Slots)
            WordScores<P, W, I, L, V>.One(work.Queries.From(first + t), keys, scores);
    }

    /// <summary>The dims of one scale: weights times V's scales become whole numbers, then meet V.</summary>
    private void Weigh(
        in QueryTile tile, in KvSplit split, in WordWork<E, W, I, L, V> work, int first, int queries, int block, int seen, int computed, in AttentionPart part)
    {
        var layout = split.Layout;
        work.LoadValueScales(split, block, seen);
        int* biases = stackalloc int[ScoredQueries];
        float* scales = stackalloc float[ScoredQueries];
        for (int t = 0; t < queries; t++)
        {
            int visible = split.SlotsBelow(tile.Visible(first + t));
            short* words = work.Weights + t * work.Slots;
            WordQuantizer<L, V>.Quantize(work.Scores + t * work.Slots, work.ValueScales, visible, work.Products, words, E.Zero != 0, out scales[t], out int sum);
            biases[t] = -E.Zero * sum;
            new Span<short>(words + visible, computed - visible).Clear();
        }
        byte* panel = work.Values;
        var values = new WordValues
        {
            Rows = tile.Rows > 1 ? &panel : split.Heads,
            Offset = block * WordQueries.ScaleDims * sizeof(int),
            RowBytes = layout.ValueRowBytes,
            Slots = seen,
            BlockSlots = work.Slots,
            BlockTokens = work.Slots,
        };
        if (tile.Rows > 1)
        {
            Weigh<PairKv>(values, work, first, queries, block, biases, scales, part);
            return;
        }
        values.Offset += layout.ValueDistance + layout.ScaleBytes;
        values.BlockSlots = layout.TokenStride;
        values.BlockTokens = layout.BlockTokens;
        values.Ahead = split.Next;
        values.AheadOffset = layout.ValueDistance;
        Weigh<E>(values, work, first, queries, block, biases, scales, part);
    }

    private void Weigh<P>(in WordValues values, in WordWork<E, W, I, L, V> work, int first, int queries, int block, int* biases, float* scales,
        in AttentionPart part) where P : IKvPairs
    {
        float* sums = part.Weighted + first * part.DimStride + block * WordQueries.ScaleDims;
        int t = 0;
        for (; t + 4 <= queries; t += 4)
        {
            short* weights = work.Weights + t * work.Slots;
            if (emitted)
            {
                var v = values;
                var to = new WordSums { Biases = biases + t, Scales = scales + t, Sums = sums + t * part.DimStride, StrideBytes = (nint)part.DimStride * sizeof(float) };
                WordProducts<P>.Weights(&v, weights, (nint)work.Slots * sizeof(short), &to);
            }
            else
            {
                WordWeights<P, W, I, L, V>.Four(values, weights, work.Slots, biases + t, scales + t, part.DimStride, sums + t * part.DimStride);
            }
        }
        for (; t < queries; t++)
            WordWeights<P, W, I, L, V>.One(values, work.Weights + t * work.Slots, biases[t], scales[t], sums + t * part.DimStride);
    }
}
