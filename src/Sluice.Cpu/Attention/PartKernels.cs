using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>What all stored formats do alike: exponentials of scores, and parts put together.</summary>
internal static unsafe class PartKernels<L, V> where L : ILanes<V> where V : unmanaged
{
    public static void Clear(in AttentionPart part, int queries)
    {
        new Span<float>(part.Greatest, queries).Fill(float.NegativeInfinity);
        new Span<float>(part.Sums, queries).Clear();
        new Span<float>(part.Weighted, queries * part.DimStride).Clear();
    }

    /// <summary>
    /// Minus infinity for the slots that query <paramref name="t"/> does not see: those of later positions, those between sinks and window, and the padding
    /// of blocks.
    /// </summary>
    public static void Hide(in KvSplit split, in QueryTile tile, int t, float* scores, int slots)
    {
        int seen = split.SlotsBelow(tile.Visible(t));
        for (int i = seen; i < slots; i++)
            scores[i] = float.NegativeInfinity;
        for (int i = split.SlotsBelow(tile.Retention.Sinks); i < split.SlotsBelow(tile.HiddenEnd(t)); i++)
            scores[i] = float.NegativeInfinity;
        if (split.Layout.BlockTokens == split.Layout.TokenStride)
            return;
        for (int block = 0; block < seen; block += split.Layout.TokenStride)
            for (int i = block + split.Layout.BlockTokens; i < Math.Min(seen, block + split.Layout.TokenStride); i++)
                scores[i] = float.NegativeInfinity;
    }

    /// <summary>Turns a query's scores into <paramref name="factor"/> times the exponentials below their greatest; sums them without the factor.</summary>
    /// <param name="slots">Whole registers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Exponentiate(float* scores, int slots, float factor, out float greatest, out float sum)
    {
        V max = L.Broadcast(float.NegativeInfinity), second = max;
        int i = 0;
        for (; i + 2 * L.Count <= slots; i += 2 * L.Count)
        {
            max = L.Max(max, L.Load(scores + i));
            second = L.Max(second, L.Load(scores + i + L.Count));
        }
        for (; i < slots; i += L.Count)
            max = L.Max(max, L.Load(scores + i));
        greatest = L.MaxOf(L.Max(max, second));
        sum = 0;
        if (float.IsNegativeInfinity(greatest))
        {
            new Span<float>(scores, slots).Clear(); // it sees nothing here, and what weighs nothing must be a number
            return;
        }
        var shift = L.Broadcast(greatest);
        var scale = L.Broadcast(factor);
        var total = L.Broadcast(0);
        for (i = 0; i < slots; i += L.Count)
        {
            var e = Exponential.Exp<L, V>(L.Subtract(L.Load(scores + i), shift));
            L.Store(scores + i, L.Multiply(e, scale));
            total = L.Add(total, e);
        }
        sum = L.Sum(total);
    }

    /// <param name="factor">A power of two by which the part's weighted sums are multiplied.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Merge(int queries, in AttentionPart total, in AttentionPart part, float factor)
    {
        for (int t = 0; t < queries; t += L.Count)
        {
            V a = L.Load(total.Greatest + t), b = L.Load(part.Greatest + t);
            var max = L.Max(a, b);
            L.Store(total.Keep + t, Exponential.Exp<L, V>(L.Subtract(a, max)));
            L.Store(total.Take + t, Exponential.Exp<L, V>(L.Subtract(b, max)));
        }
        for (int t = 0; t < queries; t++)
        {
            if (float.IsNegativeInfinity(part.Greatest[t]))
                continue; // the query sees nothing of this split
            total.Greatest[t] = Lanes1.Max(total.Greatest[t], part.Greatest[t]);
            total.Sums[t] = MathF.FusedMultiplyAdd(part.Sums[t], total.Take[t], total.Sums[t] * total.Keep[t]);
            float* to = total.Weighted + t * total.DimStride;
            float* from = part.Weighted + t * part.DimStride;
            V keep = L.Broadcast(total.Keep[t]), take = L.Broadcast(total.Take[t] * factor);
            for (int i = 0; i < total.DimStride; i += L.Count)
                L.Store(to + i, L.MultiplyAdd(L.Load(from + i), take, L.Multiply(L.Load(to + i), keep)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Finish(in QueryTile tile, in AttentionPart total, float* y, long yStride)
    {
        for (int t = 0; t < tile.Count; t++)
        {
            float* target = y + t / tile.Group * yStride + t % tile.Group * tile.HeadDim;
            float* weighted = total.Weighted + t * total.DimStride;
            var sum = L.Broadcast(total.Sums[t]);
            int i = 0;
            for (; i + L.Count <= tile.HeadDim; i += L.Count)
                L.Store(target + i, L.Divide(L.Load(weighted + i), sum));
            for (; i < tile.HeadDim; i++)
                target[i] = weighted[i] / total.Sums[t];
        }
    }
}
