using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Scores of quantised queries against K: lanes are tokens. The products of the dims that share a scale are summed exactly, then scaled, in tiles of any
/// shape alike.
/// </summary>
internal static unsafe class WordScores<P, W, I, L, V>
    where P : IKvPairs
    where W : IWordLanes<I, V>
    where I : unmanaged
    where L : ILanes<V>
    where V : unmanaged
{
    /// <summary>Four queries; their scores are rows <paramref name="stride"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(in WordQueries q, in WordKeys keys, float* scores, nint stride)
    {
        nint one = q.Dims / 2, two = 2 * one, three = 3 * one;
        nint step = keys.RowBytes, gap = keys.Gap, ahead = keys.Ahead;
        int rows = WordQueries.ScaleDims / 2 / P.Pairs;
        int blocks = q.Blocks;
        if (L.Count == 16 && keys.Tokens == 32)
        {
            // Two registers of tokens to a broadcast query: broadcasts, not products, are what a single one waits for.
            byte* k = keys.Keys;
            int* at = (int*)q.Words;
            V f0 = L.Broadcast(0), f1 = f0, f2 = f0, f3 = f0, g0 = f0, g1 = f0, g2 = f0, g3 = f0;
            for (int b = 0; b < blocks; b++)
            {
                int* bias = q.Biases + b;
                I a0 = W.Broadcast(bias[0]), a1 = W.Broadcast(bias[blocks]), a2 = W.Broadcast(bias[2 * blocks]), a3 = W.Broadcast(bias[3 * blocks]);
                I b0 = a0, b1 = a1, b2 = a2, b3 = a3;
                for (int r = 0; r < rows; r++, k += step, at += P.Pairs)
                {
                    I words = W.Load(k), next = W.Load(k + gap);
                    I x = P.Pair<W, I, V>(words, 0), y = P.Pair<W, I, V>(next, 0);
                    I w = W.Broadcast(at[0]);
                    a0 = W.MultiplyAdd(x, w, a0);
                    b0 = W.MultiplyAdd(y, w, b0);
                    w = W.Broadcast(at[one]);
                    a1 = W.MultiplyAdd(x, w, a1);
                    b1 = W.MultiplyAdd(y, w, b1);
                    w = W.Broadcast(at[two]);
                    a2 = W.MultiplyAdd(x, w, a2);
                    b2 = W.MultiplyAdd(y, w, b2);
                    w = W.Broadcast(at[three]);
                    a3 = W.MultiplyAdd(x, w, a3);
                    b3 = W.MultiplyAdd(y, w, b3);
                    if (P.Pairs > 1)
                    {
                        x = P.Pair<W, I, V>(words, 1);
                        y = P.Pair<W, I, V>(next, 1);
                        w = W.Broadcast(at[1]);
                        a0 = W.MultiplyAdd(x, w, a0);
                        b0 = W.MultiplyAdd(y, w, b0);
                        w = W.Broadcast(at[one + 1]);
                        a1 = W.MultiplyAdd(x, w, a1);
                        b1 = W.MultiplyAdd(y, w, b1);
                        w = W.Broadcast(at[two + 1]);
                        a2 = W.MultiplyAdd(x, w, a2);
                        b2 = W.MultiplyAdd(y, w, b2);
                        w = W.Broadcast(at[three + 1]);
                        a3 = W.MultiplyAdd(x, w, a3);
                        b3 = W.MultiplyAdd(y, w, b3);
                    }
                    if (P.Pairs > 2)
                    {
                        x = P.Pair<W, I, V>(words, 2);
                        y = P.Pair<W, I, V>(next, 2);
                        w = W.Broadcast(at[2]);
                        a0 = W.MultiplyAdd(x, w, a0);
                        b0 = W.MultiplyAdd(y, w, b0);
                        w = W.Broadcast(at[one + 2]);
                        a1 = W.MultiplyAdd(x, w, a1);
                        b1 = W.MultiplyAdd(y, w, b1);
                        w = W.Broadcast(at[two + 2]);
                        a2 = W.MultiplyAdd(x, w, a2);
                        b2 = W.MultiplyAdd(y, w, b2);
                        w = W.Broadcast(at[three + 2]);
                        a3 = W.MultiplyAdd(x, w, a3);
                        b3 = W.MultiplyAdd(y, w, b3);
                        x = P.Pair<W, I, V>(words, 3);
                        y = P.Pair<W, I, V>(next, 3);
                        w = W.Broadcast(at[3]);
                        a0 = W.MultiplyAdd(x, w, a0);
                        b0 = W.MultiplyAdd(y, w, b0);
                        w = W.Broadcast(at[one + 3]);
                        a1 = W.MultiplyAdd(x, w, a1);
                        b1 = W.MultiplyAdd(y, w, b1);
                        w = W.Broadcast(at[two + 3]);
                        a2 = W.MultiplyAdd(x, w, a2);
                        b2 = W.MultiplyAdd(y, w, b2);
                        w = W.Broadcast(at[three + 3]);
                        a3 = W.MultiplyAdd(x, w, a3);
                        b3 = W.MultiplyAdd(y, w, b3);
                    }
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch1(k + ahead);
                        Sse.Prefetch1(k + gap + ahead);
                    }
                }
                V scale = L.LoadScales(keys.Scales + b * keys.ScaleStride), nextScale = L.LoadScales(keys.NextScales + b * keys.ScaleStride);
                float* factor = q.Scales + b;
                V times = L.Broadcast(factor[0]);
                f0 = L.MultiplyAdd(L.Multiply(W.ToFloat(a0), scale), times, f0);
                g0 = L.MultiplyAdd(L.Multiply(W.ToFloat(b0), nextScale), times, g0);
                times = L.Broadcast(factor[blocks]);
                f1 = L.MultiplyAdd(L.Multiply(W.ToFloat(a1), scale), times, f1);
                g1 = L.MultiplyAdd(L.Multiply(W.ToFloat(b1), nextScale), times, g1);
                times = L.Broadcast(factor[2 * blocks]);
                f2 = L.MultiplyAdd(L.Multiply(W.ToFloat(a2), scale), times, f2);
                g2 = L.MultiplyAdd(L.Multiply(W.ToFloat(b2), nextScale), times, g2);
                times = L.Broadcast(factor[3 * blocks]);
                f3 = L.MultiplyAdd(L.Multiply(W.ToFloat(a3), scale), times, f3);
                g3 = L.MultiplyAdd(L.Multiply(W.ToFloat(b3), nextScale), times, g3);
            }
            Store(scores, f0, g0);
            Store(scores + stride, f1, g1);
            Store(scores + 2 * stride, f2, g2);
            Store(scores + 3 * stride, f3, g3);
            return;
        }
        for (int i = 0; i < keys.Tokens; i += L.Count)
        {
            byte* k = keys.Keys + (i < 16 ? 0 : gap) + i % 16 * sizeof(int);
            ushort* scales = (i < 16 ? keys.Scales : keys.NextScales) + i % 16;
            int* at = (int*)q.Words;
            V f0 = L.Broadcast(0), f1 = f0, f2 = f0, f3 = f0;
            for (int b = 0; b < blocks; b++)
            {
                int* bias = q.Biases + b;
                I a0 = W.Broadcast(bias[0]), a1 = W.Broadcast(bias[blocks]), a2 = W.Broadcast(bias[2 * blocks]), a3 = W.Broadcast(bias[3 * blocks]);
                for (int r = 0; r < rows; r++, k += step, at += P.Pairs)
                {
                    I words = W.Load(k);
                    I x = P.Pair<W, I, V>(words, 0);
                    a0 = W.MultiplyAdd(x, W.Broadcast(at[0]), a0);
                    a1 = W.MultiplyAdd(x, W.Broadcast(at[one]), a1);
                    a2 = W.MultiplyAdd(x, W.Broadcast(at[two]), a2);
                    a3 = W.MultiplyAdd(x, W.Broadcast(at[three]), a3);
                    if (P.Pairs > 1)
                    {
                        x = P.Pair<W, I, V>(words, 1);
                        a0 = W.MultiplyAdd(x, W.Broadcast(at[1]), a0);
                        a1 = W.MultiplyAdd(x, W.Broadcast(at[one + 1]), a1);
                        a2 = W.MultiplyAdd(x, W.Broadcast(at[two + 1]), a2);
                        a3 = W.MultiplyAdd(x, W.Broadcast(at[three + 1]), a3);
                    }
                    if (P.Pairs > 2)
                    {
                        x = P.Pair<W, I, V>(words, 2);
                        a0 = W.MultiplyAdd(x, W.Broadcast(at[2]), a0);
                        a1 = W.MultiplyAdd(x, W.Broadcast(at[one + 2]), a1);
                        a2 = W.MultiplyAdd(x, W.Broadcast(at[two + 2]), a2);
                        a3 = W.MultiplyAdd(x, W.Broadcast(at[three + 2]), a3);
                        x = P.Pair<W, I, V>(words, 3);
                        a0 = W.MultiplyAdd(x, W.Broadcast(at[3]), a0);
                        a1 = W.MultiplyAdd(x, W.Broadcast(at[one + 3]), a1);
                        a2 = W.MultiplyAdd(x, W.Broadcast(at[two + 3]), a2);
                        a3 = W.MultiplyAdd(x, W.Broadcast(at[three + 3]), a3);
                    }
                    if (Sse.IsSupported)
                        Sse.Prefetch1(k + ahead);
                }
                V scale = L.LoadScales(scales + b * keys.ScaleStride);
                float* factor = q.Scales + b;
                f0 = L.MultiplyAdd(L.Multiply(W.ToFloat(a0), scale), L.Broadcast(factor[0]), f0);
                f1 = L.MultiplyAdd(L.Multiply(W.ToFloat(a1), scale), L.Broadcast(factor[blocks]), f1);
                f2 = L.MultiplyAdd(L.Multiply(W.ToFloat(a2), scale), L.Broadcast(factor[2 * blocks]), f2);
                f3 = L.MultiplyAdd(L.Multiply(W.ToFloat(a3), scale), L.Broadcast(factor[3 * blocks]), f3);
            }
            float* to = scores + i;
            L.Store(to, f0);
            L.Store(to + stride, f1);
            L.Store(to + 2 * stride, f2);
            L.Store(to + 3 * stride, f3);
        }
    }

    /// <summary>One query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(in WordQueries q, in WordKeys keys, float* scores)
    {
        int rows = WordQueries.ScaleDims / 2 / P.Pairs;
        for (int i = 0; i < keys.Tokens; i += L.Count)
        {
            byte* k = keys.Keys + (i < 16 ? 0 : keys.Gap) + i % 16 * sizeof(int);
            ushort* scales = (i < 16 ? keys.Scales : keys.NextScales) + i % 16;
            int* at = (int*)q.Words;
            var score = L.Broadcast(0);
            for (int b = 0; b < q.Blocks; b++)
            {
                I sum = W.Broadcast(q.Biases[b]);
                for (int r = 0; r < rows; r++, k += keys.RowBytes, at += P.Pairs)
                {
                    I words = W.Load(k);
                    sum = W.MultiplyAdd(P.Pair<W, I, V>(words, 0), W.Broadcast(at[0]), sum);
                    if (P.Pairs > 1)
                        sum = W.MultiplyAdd(P.Pair<W, I, V>(words, 1), W.Broadcast(at[1]), sum);
                    if (P.Pairs > 2)
                    {
                        sum = W.MultiplyAdd(P.Pair<W, I, V>(words, 2), W.Broadcast(at[2]), sum);
                        sum = W.MultiplyAdd(P.Pair<W, I, V>(words, 3), W.Broadcast(at[3]), sum);
                    }
                    if (Sse.IsSupported)
                        Sse.Prefetch1(k + keys.Ahead);
                }
                V scale = L.LoadScales(scales + b * keys.ScaleStride);
                score = L.MultiplyAdd(L.Multiply(W.ToFloat(sum), scale), L.Broadcast(q.Scales[b]), score);
            }
            L.Store(scores + i, score);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* scores, V first, V second)
    {
        L.Store(scores, first);
        L.Store(scores + L.Count, second);
    }
}
