using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Weighted sums of the V of a split over the dims that share a scale: lanes are dims. Weights are whole numbers of 16 bits with V's scales in them, so
/// that the sum over all tokens of the split is exact.
/// </summary>
internal static unsafe class WordWeights<P, W, I, L, V>
    where P : IKvPairs
    where W : IWordLanes<I, V>
    where I : unmanaged
    where L : ILanes<V>
    where V : unmanaged
{
    /// <summary>Four queries; weights are rows <paramref name="stride"/> apart, sums rows of <paramref name="dims"/>.</summary>
    /// <param name="bias">What each query's sums begin with.</param>
    /// <param name="scale">What they are multiplied by.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(in WordValues values, short* weights, nint stride, int* bias, float* scale, int dims, float* sums)
    {
        nint one = stride / 2, two = 2 * one, three = 3 * one, step = values.RowBytes;
        nint second = L.Count * sizeof(int);
        int slots = values.Slots, blockSlots = values.BlockSlots, blockTokens = values.BlockTokens;
        for (int i = 0; i < WordQueries.ScaleDims; i += 2 * L.Count)
        {
            I a0 = W.Broadcast(bias[0]), a1 = W.Broadcast(bias[1]), a2 = W.Broadcast(bias[2]), a3 = W.Broadcast(bias[3]);
            I b0 = a0, b1 = a1, b2 = a2, b3 = a3;
            int block = 0;
            for (int slot = 0; slot < slots; slot += blockSlots, block++)
            {
                byte* v = values.Rows[block] + values.Offset + i * sizeof(int);
                nint ahead = values.Ahead == null ? 0 : (nint)(values.Ahead[block] - values.Rows[block]) - values.AheadOffset;
                int* at = (int*)(weights + slot);
                int* end = at + (Math.Min(blockTokens, slots - slot) + 2 * P.Pairs - 1) / (2 * P.Pairs) * P.Pairs;
                for (; at < end; at += P.Pairs, v += step)
                {
                    I x = W.Load(v), y = W.Load(v + second);
                    I xs = P.Pair<W, I, V>(x, 0), ys = P.Pair<W, I, V>(y, 0);
                    I w = W.Broadcast(at[0]);
                    a0 = W.MultiplyAdd(xs, w, a0);
                    b0 = W.MultiplyAdd(ys, w, b0);
                    w = W.Broadcast(at[one]);
                    a1 = W.MultiplyAdd(xs, w, a1);
                    b1 = W.MultiplyAdd(ys, w, b1);
                    w = W.Broadcast(at[two]);
                    a2 = W.MultiplyAdd(xs, w, a2);
                    b2 = W.MultiplyAdd(ys, w, b2);
                    w = W.Broadcast(at[three]);
                    a3 = W.MultiplyAdd(xs, w, a3);
                    b3 = W.MultiplyAdd(ys, w, b3);
                    if (P.Pairs > 1)
                    {
                        xs = P.Pair<W, I, V>(x, 1);
                        ys = P.Pair<W, I, V>(y, 1);
                        w = W.Broadcast(at[1]);
                        a0 = W.MultiplyAdd(xs, w, a0);
                        b0 = W.MultiplyAdd(ys, w, b0);
                        w = W.Broadcast(at[one + 1]);
                        a1 = W.MultiplyAdd(xs, w, a1);
                        b1 = W.MultiplyAdd(ys, w, b1);
                        w = W.Broadcast(at[two + 1]);
                        a2 = W.MultiplyAdd(xs, w, a2);
                        b2 = W.MultiplyAdd(ys, w, b2);
                        w = W.Broadcast(at[three + 1]);
                        a3 = W.MultiplyAdd(xs, w, a3);
                        b3 = W.MultiplyAdd(ys, w, b3);
                    }
                    if (P.Pairs > 2)
                    {
                        xs = P.Pair<W, I, V>(x, 2);
                        ys = P.Pair<W, I, V>(y, 2);
                        w = W.Broadcast(at[2]);
                        a0 = W.MultiplyAdd(xs, w, a0);
                        b0 = W.MultiplyAdd(ys, w, b0);
                        w = W.Broadcast(at[one + 2]);
                        a1 = W.MultiplyAdd(xs, w, a1);
                        b1 = W.MultiplyAdd(ys, w, b1);
                        w = W.Broadcast(at[two + 2]);
                        a2 = W.MultiplyAdd(xs, w, a2);
                        b2 = W.MultiplyAdd(ys, w, b2);
                        w = W.Broadcast(at[three + 2]);
                        a3 = W.MultiplyAdd(xs, w, a3);
                        b3 = W.MultiplyAdd(ys, w, b3);
                        xs = P.Pair<W, I, V>(x, 3);
                        ys = P.Pair<W, I, V>(y, 3);
                        w = W.Broadcast(at[3]);
                        a0 = W.MultiplyAdd(xs, w, a0);
                        b0 = W.MultiplyAdd(ys, w, b0);
                        w = W.Broadcast(at[one + 3]);
                        a1 = W.MultiplyAdd(xs, w, a1);
                        b1 = W.MultiplyAdd(ys, w, b1);
                        w = W.Broadcast(at[two + 3]);
                        a2 = W.MultiplyAdd(xs, w, a2);
                        b2 = W.MultiplyAdd(ys, w, b2);
                        w = W.Broadcast(at[three + 3]);
                        a3 = W.MultiplyAdd(xs, w, a3);
                        b3 = W.MultiplyAdd(ys, w, b3);
                    }
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch1(v + ahead);
                        Sse.Prefetch1(v + ahead + second);
                    }
                }
            }
            float* to = sums + i;
            Store(to, a0, b0, scale[0]);
            Store(to + dims, a1, b1, scale[1]);
            Store(to + 2 * dims, a2, b2, scale[2]);
            Store(to + 3 * dims, a3, b3, scale[3]);
        }
    }

    /// <summary>One query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(in WordValues values, short* weights, int bias, float scale, float* sums)
    {
        for (int i = 0; i < WordQueries.ScaleDims; i += 2 * L.Count)
        {
            I a = W.Broadcast(bias), b = a;
            int block = 0;
            for (int slot = 0; slot < values.Slots; slot += values.BlockSlots, block++)
            {
                byte* v = values.Rows[block] + values.Offset + i * sizeof(int);
                int* at = (int*)(weights + slot);
                int* end = at + (Math.Min(values.BlockTokens, values.Slots - slot) + 2 * P.Pairs - 1) / (2 * P.Pairs) * P.Pairs;
                for (; at < end; at += P.Pairs, v += values.RowBytes)
                {
                    I x = W.Load(v), y = W.Load(v + L.Count * sizeof(int));
                    I w = W.Broadcast(at[0]);
                    a = W.MultiplyAdd(P.Pair<W, I, V>(x, 0), w, a);
                    b = W.MultiplyAdd(P.Pair<W, I, V>(y, 0), w, b);
                    if (P.Pairs > 1)
                    {
                        w = W.Broadcast(at[1]);
                        a = W.MultiplyAdd(P.Pair<W, I, V>(x, 1), w, a);
                        b = W.MultiplyAdd(P.Pair<W, I, V>(y, 1), w, b);
                    }
                    if (P.Pairs > 2)
                    {
                        w = W.Broadcast(at[2]);
                        a = W.MultiplyAdd(P.Pair<W, I, V>(x, 2), w, a);
                        b = W.MultiplyAdd(P.Pair<W, I, V>(y, 2), w, b);
                        w = W.Broadcast(at[3]);
                        a = W.MultiplyAdd(P.Pair<W, I, V>(x, 3), w, a);
                        b = W.MultiplyAdd(P.Pair<W, I, V>(y, 3), w, b);
                    }
                }
            }
            Store(sums + i, a, b, scale);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* sums, I a, I b, float scale)
    {
        L.Store(sums, L.Multiply(W.ToFloat(a), L.Broadcast(scale)));
        L.Store(sums + L.Count, L.Multiply(W.ToFloat(b), L.Broadcast(scale)));
    }
}
