using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Attention for stored floats of any type and register width. Per query every sum runs in the order of positions, or in lanes fixed by the slot, and never
/// over slots that the query does not see; so a tile's shape does not show in the result. A single row reads K and V as they are stored, which is
/// limited by memory; several share one decoding of them.
/// </summary>
internal sealed unsafe class FloatAttention<E, L, V> : AttentionKernel
    where E : IKvFloat
    where L : ILanes<V>
    where V : unmanaged
{
    /// <summary>Slots whose V stays in the first cache while all scored queries take it.</summary>
    private const int WeighedSlots = 64;

    public override KvFormat Format => E.Format;

    public override void Append(in KvLayout layout, byte* head, int slot, float* k, float* v)
    {
        byte* keys = head + slot * sizeof(float);
        for (int d = 0; d < layout.Dims; d++)
            E.Store(keys + d / 2 * (layout.KeyRowBytes * 2 / E.Format.Elements), layout.KeyRowBytes, d % 2, d < layout.HeadDim ? k[d] : 0);
        byte* values = head + layout.ValueDistance + slot / 2 * (layout.ValueRowBytes * 2 / E.Format.Elements);
        for (int d = 0; d < layout.HeadDim; d++)
            E.Store(values + d * sizeof(float), layout.ValueRowBytes, slot % 2, v[d]);
    }

    public override long WorkBytes(in KvLayout layout, int queries, int slots) => new Work(layout, queries, slots, null).Bytes;

    public override void Prepare(in QueryTile tile, in KvLayout layout, byte* work)
    {
        var lifted = (float*)work;
        for (int t = 0; t < tile.Count; t++, lifted += layout.Dims)
        {
            float* q = tile.Query(t);
            for (int d = 0; d < layout.Dims; d++)
                lifted[d] = d < layout.HeadDim ? q[d] * E.Lift : 0;
        }
    }

    public override void Attend(in QueryTile tile, in KvSplit split, int slots, byte* memory, in AttentionPart part)
    {
        var work = new Work(split.Layout, tile.Count, slots, memory);
        if (tile.Rows > 1)
            FloatPanels<E, L, V>.Fill(split, split.SlotsBelow(tile.Visible(tile.Count - 1)), work.Keys, work.Values);
        for (int t = 0; t < tile.Count; t += ScoredQueries)
        {
            int queries = Math.Min(ScoredQueries, tile.Count - t);
            int seen = split.SlotsBelow(tile.Visible(t + queries - 1));
            int computed = (seen + 15) & ~15;
            float factor = tile.Scale * (E.Reduction / E.Lift);
            if (tile.Rows > 1)
                ScorePanels(split.Layout, work, t, queries, computed, factor);
            else
                ScoreStored(split, work, t, queries, computed, factor);
            for (int i = 0; i < queries; i++)
            {
                float* scores = work.Scores + i * slots;
                PartKernels<L, V>.Hide(split, tile, t + i, scores, computed);
                PartKernels<L, V>.Exponentiate(scores, computed, E.Lift, out part.Greatest[t + i], out part.Sums[t + i]);
            }
            if (tile.Rows > 1)
                WeighPanels(tile, split, work, t, queries, seen, part);
            else
                WeighStored(split, work, t, queries, seen, part);
        }
    }

    public override void Clear(in AttentionPart part, int queries) => PartKernels<L, V>.Clear(part, queries);

    public override void Merge(in QueryTile tile, in AttentionPart total, in AttentionPart part) =>
        PartKernels<L, V>.Merge(tile.Count, total, part, E.Reduction / E.Lift);

    public override void Join(in QueryTile tile, in AttentionPart total, in AttentionPart span) => PartKernels<L, V>.Merge(tile.Count, total, span, 1);

    public override void Finish(in QueryTile tile, in AttentionPart total, float* y, long yStride) => PartKernels<L, V>.Finish(tile, total, y, yStride);

    private static void ScoreStored(in KvSplit split, in Work work, int first, int queries, int computed, float factor)
    {
        ref readonly var layout = ref split.Layout;
        var cursor = new SlotCursor(split);
        for (int slot = 0; slot < computed; slot += ScoredSlots)
        {
            if (!split.IsFetched)
                split.FetchKeys(slot == 0 ? 0 : slot + FetchedSlots, Math.Min(computed, slot + FetchedSlots + ScoredSlots));
            byte* keys = cursor.Head + cursor.Slot * sizeof(float);
            cursor.Next();
            int tokens = Math.Min(ScoredSlots, computed - slot);
            nint gap = 0;
            if (tokens > 16)
            {
                gap = (nint)(cursor.Head + cursor.Slot * sizeof(float) - keys);
                cursor.Next();
            }
            Score<E>(work, first, queries, layout.Dims, factor, keys, gap, tokens, layout.KeyRowBytes, layout.ValueDistance, slot);
        }
    }

    private static void ScorePanels(in KvLayout layout, in Work work, int first, int queries, int computed, float factor)
    {
        const int RowBytes = FloatPanels<E, L, V>.PanelRowBytes;
        for (int slot = 0; slot < computed; slot += ScoredSlots)
        {
            byte* keys = work.Keys + (long)slot * layout.Dims * sizeof(float);
            Score<SingleKv>(
                work, first, queries, layout.Dims, factor, keys, 64, Math.Min(ScoredSlots, computed - slot), RowBytes, layout.Dims * RowBytes, slot);
        }
    }

    private static void Score<S>(
        in Work work, int first, int queries, int dims, float factor, byte* keys, nint gap, int tokens, int rowBytes, nint ahead, int slot) where S : IKvFloat
    {
        float* q = work.Queries + first * dims;
        float* scores = work.Scores + slot;
        int t = 0;
        for (; t + 4 <= queries; t += 4, q += 4 * dims, scores += 4 * work.Slots)
            FloatScores<S, L, V>.Four(q, dims, factor, keys, gap, tokens, rowBytes, ahead, scores, work.Slots);
        for (; t < queries; t++, q += dims, scores += work.Slots)
            FloatScores<S, L, V>.One(q, dims, factor, keys, gap, tokens, rowBytes, ahead, scores);
    }

    private static void WeighStored(in KvSplit split, in Work work, int first, int queries, int seen, in AttentionPart part)
    {
        var layout = split.Layout;
        for (int b = 0; b * layout.TokenStride < seen; b++)
        {
            byte* values = split.Heads[b] + layout.ValueDistance;
            float* weights = work.Scores + b * layout.TokenStride;
            float* sums = part.Weighted + first * layout.Dims;
            int tokens = split.TokensOf(b, seen);
            nint ahead = (nint)(split.Next[b] - values);
            int t = 0;
            for (; t + 4 <= queries; t += 4, weights += 4 * work.Slots, sums += 4 * layout.Dims)
                FloatWeights<E, L, V>.Four(values, layout.Dims, tokens, ahead, weights, work.Slots, sums);
            for (; t < queries; t++, weights += work.Slots, sums += layout.Dims)
                FloatWeights<E, L, V>.One(values, layout.Dims, tokens, ahead, weights, sums);
        }
    }

    private static void WeighPanels(in QueryTile tile, in KvSplit split, in Work work, int first, int queries, int seen, in AttentionPart part)
    {
        int dims = split.Layout.Dims;
        for (int from = 0; from < seen; from += WeighedSlots)
        {
            byte* values = work.Values + (long)from * split.Layout.ValueRowBytes;
            for (int t = 0; t < queries; t += 4)
            {
                float* weights = work.Scores + t * work.Slots + from;
                float* sums = part.Weighted + (first + t) * dims;
                int shared = 0;
                if (t + 4 <= queries)
                {
                    // The first query sees least; what only the later ones see is added to them alone.
                    shared = Within(split, tile.Visible(first + t), from);
                    FloatWeights<SingleKv, L, V>.Four(values, dims, shared, 0, weights, work.Slots, sums);
                }
                for (int i = 0; i < Math.Min(4, queries - t); i++)
                {
                    int more = Within(split, tile.Visible(first + t + i), from) - shared;
                    if (more > 0)
                        FloatWeights<SingleKv, L, V>.One(
                            values + shared * split.Layout.ValueRowBytes, dims, more, 0, weights + i * work.Slots + shared, sums + i * dims);
                }
            }
        }
    }

    /// <summary>Slots from <paramref name="from"/> on that a query sees, of those weighed together.</summary>
    private static int Within(in KvSplit split, int visible, int from) => Math.Clamp(split.SlotsBelow(visible) - from, 0, WeighedSlots);

    /// <summary>A thread's working memory: lifted queries first, for they stay while the rest is used again for every split.</summary>
    private readonly struct Work
    {
        public readonly int Slots;
        public readonly float* Queries;
        public readonly float* Scores;
        public readonly byte* Keys;
        public readonly byte* Values;
        public readonly long Bytes;

        public Work(in KvLayout layout, int queries, int slots, byte* memory)
        {
            Slots = slots;
            Queries = (float*)memory;
            Scores = Queries + queries * layout.Dims;
            Keys = (byte*)(Scores + ScoredQueries * slots);
            Values = Keys + FloatPanels<E, L, V>.KeyBytes(layout, slots);
            Bytes = Values + FloatPanels<E, L, V>.ValueBytes(layout, slots) - memory;
        }
    }
}
