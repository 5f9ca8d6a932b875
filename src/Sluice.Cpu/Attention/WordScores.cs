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
    /// <param name="tokens">Lanes to compute.</param>
    /// <param name="rowBytes">Bytes of a row of K.</param>
    /// <param name="ahead">Distance of memory to be fetched meanwhile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(in WordQueries q, byte* keys, ushort* scales, int scaleStride, int tokens, int rowBytes, nint ahead, float* scores, nint stride)
    {
        nint one = q.Dims / 2, two = 2 * one, three = 3 * one;
        nint step = rowBytes;
        int rows = WordQueries.ScaleDims / 2 / P.Pairs;
        int blocks = q.Blocks;
        for (int i = 0; i < tokens; i += L.Count)
        {
            byte* k = keys + i * sizeof(int);
            int* at = (int*)q.Words;
            V f0 = L.Broadcast(0), f1 = f0, f2 = f0, f3 = f0;
            for (int b = 0; b < blocks; b++)
            {
                int* bias = q.Biases + b;
                I a0 = W.Broadcast(bias[0]), a1 = W.Broadcast(bias[blocks]), a2 = W.Broadcast(bias[2 * blocks]), a3 = W.Broadcast(bias[3 * blocks]);
                for (int r = 0; r < rows; r++, k += step, at += P.Pairs)
                {
                    I words = W.Load(k);
                    I pair = P.Pair<W, I, V>(words, 0);
                    a0 = W.MultiplyAdd(pair, W.Broadcast(at[0]), a0);
                    a1 = W.MultiplyAdd(pair, W.Broadcast(at[one]), a1);
                    a2 = W.MultiplyAdd(pair, W.Broadcast(at[two]), a2);
                    a3 = W.MultiplyAdd(pair, W.Broadcast(at[three]), a3);
                    if (P.Pairs > 1)
                    {
                        pair = P.Pair<W, I, V>(words, 1);
                        a0 = W.MultiplyAdd(pair, W.Broadcast(at[1]), a0);
                        a1 = W.MultiplyAdd(pair, W.Broadcast(at[one + 1]), a1);
                        a2 = W.MultiplyAdd(pair, W.Broadcast(at[two + 1]), a2);
                        a3 = W.MultiplyAdd(pair, W.Broadcast(at[three + 1]), a3);
                    }
                    if (P.Pairs > 2)
                    {
                        pair = P.Pair<W, I, V>(words, 2);
                        a0 = W.MultiplyAdd(pair, W.Broadcast(at[2]), a0);
                        a1 = W.MultiplyAdd(pair, W.Broadcast(at[one + 2]), a1);
                        a2 = W.MultiplyAdd(pair, W.Broadcast(at[two + 2]), a2);
                        a3 = W.MultiplyAdd(pair, W.Broadcast(at[three + 2]), a3);
                        pair = P.Pair<W, I, V>(words, 3);
                        a0 = W.MultiplyAdd(pair, W.Broadcast(at[3]), a0);
                        a1 = W.MultiplyAdd(pair, W.Broadcast(at[one + 3]), a1);
                        a2 = W.MultiplyAdd(pair, W.Broadcast(at[two + 3]), a2);
                        a3 = W.MultiplyAdd(pair, W.Broadcast(at[three + 3]), a3);
                    }
                    if (Sse.IsSupported)
                        Sse.Prefetch1(k + ahead);
                }
                V scale = L.LoadScales(scales + b * scaleStride + i);
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
    public static void One(in WordQueries q, byte* keys, ushort* scales, int scaleStride, int tokens, int rowBytes, nint ahead, float* scores)
    {
        int rows = WordQueries.ScaleDims / 2 / P.Pairs;
        for (int i = 0; i < tokens; i += L.Count)
        {
            byte* k = keys + i * sizeof(int);
            int* at = (int*)q.Words;
            var score = L.Broadcast(0);
            for (int b = 0; b < q.Blocks; b++)
            {
                I sum = W.Broadcast(q.Biases[b]);
                for (int r = 0; r < rows; r++, k += rowBytes, at += P.Pairs)
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
                        Sse.Prefetch1(k + ahead);
                }
                V scale = L.LoadScales(scales + b * scaleStride + i);
                score = L.MultiplyAdd(L.Multiply(W.ToFloat(sum), scale), L.Broadcast(q.Scales[b]), score);
            }
            L.Store(scores + i, score);
        }
    }
}
