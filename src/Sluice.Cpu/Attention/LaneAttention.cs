using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

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
        byte* keys = head + (long)slot * E.Size;
        long keyStride = (long)layout.TokenStride * E.Size;
        for (int d = 0; d < layout.HeadDim; d++)
            E.Store<Lanes1, float>(keys + d * keyStride, k[d]);

        byte* values = head + layout.KeyBytes + (long)slot * layout.DimStride * E.Size;
        int i = 0;
        for (; i + L.Count <= layout.HeadDim; i += L.Count)
            E.Store<L, V>(values + i * E.Size, L.Load(v + i));
        for (; i < layout.HeadDim; i++)
            E.Store<Lanes1, float>(values + i * E.Size, v[i]);
    }

    public override void Clear(in AttentionPart part, int queries)
    {
        new Span<float>(part.Greatest, queries).Fill(float.NegativeInfinity);
        new Span<float>(part.Sums, queries).Clear();
        new Span<float>(part.Weighted, queries * part.DimStride).Clear();
    }

    public override void Score(in QueryTile tile, in KvLayout layout, byte* head, int firstPosition, float* scores, int stride)
    {
        int t = 0;
        for (; t + 4 <= tile.Count; t += 4)
            Score4(tile.Query(t), tile.Query(t + 1), tile.Query(t + 2), tile.Query(t + 3), tile.Scale, layout, head, scores + t * stride, stride);
        for (; t < tile.Count; t++)
            Score1(tile.Query(t), tile.Scale, layout, head, scores + t * stride);
        for (t = 0; t < tile.Count; t++)
        {
            int visible = Math.Clamp(tile.Visible(t) - firstPosition, 0, layout.BlockTokens);
            new Span<float>(scores + t * stride, layout.TokenStride)[visible..].Fill(float.NegativeInfinity);
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
        in QueryTile tile, in KvLayout layout, byte* head, int firstPosition, float* scores, int stride, in AttentionPart part)
    {
        byte* values = head + layout.KeyBytes;
        int t = 0;
        for (; t + 4 <= tile.Count; t += 4)
        {
            // The first query sees least; what only the later ones see is added to them alone.
            int shared = Visible(tile, layout, firstPosition, t);
            Weigh4(values, layout.DimStride, shared, scores + t * stride, stride, part.Weighted + t * part.DimStride);
            for (int i = 1; i < 4; i++)
                Weigh1(values, layout.DimStride, shared, Visible(tile, layout, firstPosition, t + i), scores + (t + i) * stride, part.Weighted + (t + i) * part.DimStride);
        }
        for (; t < tile.Count; t++)
            Weigh1(values, layout.DimStride, 0, Visible(tile, layout, firstPosition, t), scores + t * stride, part.Weighted + t * part.DimStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Merge(in QueryTile tile, in AttentionPart total, in AttentionPart part)
    {
        for (int t = 0; t < tile.Count; t++)
        {
            float greatest = part.Greatest[t];
            if (float.IsNegativeInfinity(greatest))
                continue;
            float max = Lanes1.Max(total.Greatest[t], greatest);
            float keep = Exponential.Exp<Lanes1, float>(total.Greatest[t] - max);
            float take = Exponential.Exp<Lanes1, float>(greatest - max);
            total.Greatest[t] = max;
            total.Sums[t] = MathF.FusedMultiplyAdd(part.Sums[t], take, total.Sums[t] * keep);
            float* to = total.Weighted + t * total.DimStride;
            float* from = part.Weighted + t * part.DimStride;
            var keepAll = L.Broadcast(keep);
            var takeAll = L.Broadcast(take);
            for (int i = 0; i < total.DimStride; i += L.Count)
                L.Store(to + i, L.MultiplyAdd(L.Load(from + i), takeAll, L.Multiply(L.Load(to + i), keepAll)));
        }
    }

    public override void Finish(in QueryTile tile, in AttentionPart total, float* y, long yStride)
    {
        for (int t = 0; t < tile.Count; t++)
        {
            float* target = y + t / tile.Group * yStride + t % tile.Group * tile.HeadDim;
            for (int i = 0; i < tile.HeadDim; i++)
                target[i] = total.Weighted[t * total.DimStride + i] / total.Sums[t];
        }
    }

    private static int Visible(in QueryTile tile, in KvLayout layout, int firstPosition, int t) =>
        Math.Clamp(tile.Visible(t) - firstPosition, 0, layout.BlockTokens);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score4(float* q0, float* q1, float* q2, float* q3, float scale, in KvLayout layout, byte* keys, float* scores, int stride)
    {
        int dims = layout.HeadDim;
        int tokens = layout.TokenStride;
        nint step = (nint)tokens * E.Size;
        var factor = L.Broadcast(scale);
        for (int i = 0; i < tokens; i += L.Count)
        {
            byte* k = keys + (nint)i * E.Size;
            V s0 = L.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
            for (int d = 0; d < dims; d++, k += step)
            {
                var v = E.Load<L, V>(k);
                s0 = L.MultiplyAdd(L.Broadcast(q0[d]), v, s0);
                s1 = L.MultiplyAdd(L.Broadcast(q1[d]), v, s1);
                s2 = L.MultiplyAdd(L.Broadcast(q2[d]), v, s2);
                s3 = L.MultiplyAdd(L.Broadcast(q3[d]), v, s3);
            }
            L.Store(scores + i, L.Multiply(s0, factor));
            L.Store(scores + stride + i, L.Multiply(s1, factor));
            L.Store(scores + 2 * stride + i, L.Multiply(s2, factor));
            L.Store(scores + 3 * stride + i, L.Multiply(s3, factor));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score1(float* q, float scale, in KvLayout layout, byte* keys, float* scores)
    {
        int dims = layout.HeadDim;
        int tokens = layout.TokenStride;
        nint step = (nint)tokens * E.Size;
        for (int i = 0; i < tokens; i += L.Count)
        {
            byte* k = keys + (nint)i * E.Size;
            var s = L.Broadcast(0);
            for (int d = 0; d < dims; d++, k += step)
                s = L.MultiplyAdd(L.Broadcast(q[d]), E.Load<L, V>(k), s);
            L.Store(scores + i, L.Multiply(s, L.Broadcast(scale)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh4(byte* values, int dimStride, int to, float* scores, int stride, float* weighted)
    {
        float* p1 = scores + stride;
        float* p2 = p1 + stride;
        float* p3 = p2 + stride;
        nint step = (nint)dimStride * E.Size;
        for (int i = 0; i < dimStride; i += L.Count)
        {
            byte* v = values + (nint)i * E.Size;
            float* w0 = weighted + i;
            float* w1 = w0 + dimStride;
            float* w2 = w1 + dimStride;
            float* w3 = w2 + dimStride;
            V s0 = L.Load(w0), s1 = L.Load(w1), s2 = L.Load(w2), s3 = L.Load(w3);
            for (int j = 0; j < to; j++, v += step)
            {
                var value = E.Load<L, V>(v);
                s0 = L.MultiplyAdd(L.Broadcast(scores[j]), value, s0);
                s1 = L.MultiplyAdd(L.Broadcast(p1[j]), value, s1);
                s2 = L.MultiplyAdd(L.Broadcast(p2[j]), value, s2);
                s3 = L.MultiplyAdd(L.Broadcast(p3[j]), value, s3);
            }
            L.Store(w0, s0);
            L.Store(w1, s1);
            L.Store(w2, s2);
            L.Store(w3, s3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh1(byte* values, int dimStride, int from, int to, float* scores, float* weighted)
    {
        nint step = (nint)dimStride * E.Size;
        for (int i = 0; i < dimStride && from < to; i += L.Count)
        {
            byte* v = values + (nint)i * E.Size + from * step;
            var s = L.Load(weighted + i);
            for (int j = from; j < to; j++, v += step)
                s = L.MultiplyAdd(L.Broadcast(scores[j]), E.Load<L, V>(v), s);
            L.Store(weighted + i, s);
        }
    }
}
