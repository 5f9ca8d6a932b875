using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Attention for any stored format and register width. Per query every sum runs in the order of positions, or in lanes fixed by the slot,
/// and never over slots that the query does not see; so a tile's shape does not show in the result.
/// </summary>
internal sealed unsafe class LaneAttention<E, L, V> : AttentionKernel
    where E : IKvElement
    where L : ILanes<V>
    where V : unmanaged
{
    public override int ElementBytes => E.Size;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Append(in KvLayout layout, byte* head, int slot, float* k, float* v)
    {
        // K is converted where V will lie, then scattered from there.
        byte* values = head + layout.KeyBytes + (long)slot * layout.DimStride * E.Size;
        Convert(k, values, layout.HeadDim);
        byte* keys = head + (long)slot * E.Size;
        long step = (long)layout.TokenStride * E.Size;
        for (int d = 0; d < layout.HeadDim; d++)
        {
            if (E.Size == sizeof(float))
                *(float*)(keys + d * step) = ((float*)values)[d];
            else
                *(ushort*)(keys + d * step) = ((ushort*)values)[d];
        }
        Convert(v, values, layout.HeadDim);
    }

    public override void Clear(in AttentionPart part, int queries)
    {
        new Span<float>(part.Greatest, queries).Fill(float.NegativeInfinity);
        new Span<float>(part.Sums, queries).Clear();
        new Span<float>(part.Weighted, queries * part.DimStride).Clear();
    }

    public override void Score(in QueryTile tile, in KvLayout layout, byte* head, int firstPosition, float* scores, int stride, float* widened)
    {
        if (Widens(tile))
        {
            Widen(head, layout.HeadDim * layout.TokenStride, widened);
            Score<F32>(tile, layout, (byte*)widened, scores, stride);
        }
        else
        {
            Score<E>(tile, layout, head, scores, stride);
        }
        for (int t = 0; t < tile.Count; t++)
        {
            int visible = Visible(tile, layout, firstPosition, t);
            for (int i = visible; i < layout.TokenStride; i++)
                scores[t * stride + i] = float.NegativeInfinity;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Exponentiate(in QueryTile tile, float* scores, int stride, int slots, in AttentionPart part)
    {
        for (int t = 0; t < tile.Count; t++, scores += stride)
        {
            var greatest = L.Broadcast(float.NegativeInfinity);
            for (int i = 0; i < slots; i += L.Count)
                greatest = L.Max(greatest, L.Load(scores + i));
            float max = L.MaxOf(greatest);
            part.Greatest[t] = max;
            if (float.IsNegativeInfinity(max))
            {
                part.Sums[t] = 0;
                continue;
            }
            var shift = L.Broadcast(max);
            var sum = L.Broadcast(0);
            for (int i = 0; i < slots; i += L.Count)
            {
                var e = Exponential.Exp<L, V>(L.Subtract(L.Load(scores + i), shift));
                L.Store(scores + i, e);
                sum = L.Add(sum, e);
            }
            part.Sums[t] = L.Sum(sum);
        }
    }

    public override void Weigh(
        in QueryTile tile, in KvLayout layout, byte* head, int firstPosition, float* scores, int stride, float* widened, in AttentionPart part)
    {
        byte* values = head + layout.KeyBytes;
        if (Widens(tile))
        {
            int used = Visible(tile, layout, firstPosition, tile.Count - 1); // the slots after those hold nothing yet
            Widen(values, used * layout.DimStride, widened);
            Weigh<F32>(tile, layout, (byte*)widened, firstPosition, scores, stride, part);
        }
        else
        {
            Weigh<E>(tile, layout, values, firstPosition, scores, stride, part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Merge(in QueryTile tile, in AttentionPart total, in AttentionPart part)
    {
        for (int t = 0; t < tile.Count; t += L.Count)
        {
            V a = L.Load(total.Greatest + t), b = L.Load(part.Greatest + t);
            var max = L.Max(a, b);
            L.Store(total.Keep + t, Exponential.Exp<L, V>(L.Subtract(a, max)));
            L.Store(total.Take + t, Exponential.Exp<L, V>(L.Subtract(b, max)));
        }
        for (int t = 0; t < tile.Count; t++)
        {
            if (float.IsNegativeInfinity(part.Greatest[t]))
                continue; // the query sees nothing of this split
            total.Greatest[t] = Lanes1.Max(total.Greatest[t], part.Greatest[t]);
            total.Sums[t] = MathF.FusedMultiplyAdd(part.Sums[t], total.Take[t], total.Sums[t] * total.Keep[t]);
            float* to = total.Weighted + t * total.DimStride;
            float* from = part.Weighted + t * part.DimStride;
            V keep = L.Broadcast(total.Keep[t]), take = L.Broadcast(total.Take[t]);
            for (int i = 0; i < total.DimStride; i += L.Count)
                L.Store(to + i, L.MultiplyAdd(L.Load(from + i), take, L.Multiply(L.Load(to + i), keep)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Finish(in QueryTile tile, in AttentionPart total, float* y, long yStride)
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

    private static int Visible(in QueryTile tile, in KvLayout layout, int firstPosition, int t) =>
        Math.Clamp(tile.Visible(t) - firstPosition, 0, layout.BlockTokens);

    /// <summary>Whether a block is decoded once for all queries rather than by each four of them; the values are the same either way.</summary>
    private static bool Widens(in QueryTile tile) => E.Size != sizeof(float) && tile.Count > 4;

    private static void Score<S>(in QueryTile tile, in KvLayout layout, byte* keys, float* scores, int stride) where S : IStoredFloat
    {
        int t = 0;
        for (; t + 4 <= tile.Count; t += 4)
        {
            ScoreKernels<S, L, V>.Four(
                tile.Query(t), tile.Query(t + 1), tile.Query(t + 2), tile.Query(t + 3), layout.HeadDim, tile.Scale, keys, layout.TokenStride, scores + t * stride, stride);
        }
        for (; t < tile.Count; t++)
            ScoreKernels<S, L, V>.One(tile.Query(t), layout.HeadDim, tile.Scale, keys, layout.TokenStride, scores + t * stride);
    }

    private static void Weigh<S>(in QueryTile tile, in KvLayout layout, byte* values, int firstPosition, float* scores, int stride, in AttentionPart part)
        where S : IStoredFloat
    {
        int t = 0;
        for (; t + 4 <= tile.Count; t += 4)
        {
            // The first query sees least; what only the later ones see is added to them alone.
            int shared = Visible(tile, layout, firstPosition, t);
            WeighKernels<S, L, V>.Four(values, layout.DimStride, shared, scores + t * stride, stride, part.Weighted + t * part.DimStride);
            for (int i = t + 1; i < t + 4; i++)
            {
                int visible = Visible(tile, layout, firstPosition, i);
                if (visible > shared)
                    WeighKernels<S, L, V>.One(values, layout.DimStride, shared, visible, scores + i * stride, part.Weighted + i * part.DimStride);
            }
        }
        for (; t < tile.Count; t++)
        {
            int visible = Visible(tile, layout, firstPosition, t);
            WeighKernels<S, L, V>.One(values, layout.DimStride, 0, visible, scores + t * stride, part.Weighted + t * part.DimStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(byte* stored, int count, float* widened)
    {
        for (int i = 0; i < count; i += L.Count)
            L.Store(widened + i, E.Load<L, V>(stored + (nint)i * E.Size));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert(float* values, byte* stored, int count)
    {
        int i = 0;
        for (; i + L.Count <= count; i += L.Count)
            E.Store<L, V>(stored + i * E.Size, L.Load(values + i));
        for (; i < count; i++)
            E.Store<Lanes1, float>(stored + i * E.Size, values[i]);
    }
}
