using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Scores of queries against K: lanes are tokens, with one accumulator that runs through the even dims in order and one through the odd, in tiles of any
/// shape alike. Tokens are whole registers, padding included; dims are even.
/// </summary>
internal static unsafe class FloatScores<E, L, V> where E : IKvFloat where L : ILanes<V> where V : unmanaged
{
    /// <summary>Four queries, rows of <paramref name="dims"/> floats; their scores are rows <paramref name="stride"/> apart.</summary>
    /// <param name="keys">Where the K of 16 tokens begins.</param>
    /// <param name="gap">From there to the K of the 16 tokens after them.</param>
    /// <param name="tokens">16 or 32.</param>
    /// <param name="rowBytes">Bytes of a row of K.</param>
    /// <param name="ahead">Distance of memory to be fetched meanwhile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(float* q, int dims, float factor, byte* keys, nint gap, int tokens, int rowBytes, nint ahead, float* scores, int stride)
    {
        nint pairBytes = rowBytes * 2 / E.Format.Elements;
        float* end = q + dims;
        int i = 0;
        if (L.Count == 16)
        {
            // Two registers of tokens: 16 accumulators, and half as many loads of queries. With AVX2's 16 registers they would be spilled.
            for (; i + 2 * L.Count <= tokens; i += 2 * L.Count)
            {
                byte* k = keys;
                V a0 = L.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
                V c0 = a0, c1 = a0, c2 = a0, c3 = a0, d0 = a0, d1 = a0, d2 = a0, d3 = a0;
                for (float* at = q; at < end; at += 2, k += pairBytes)
                {
                    V first = E.LoadFirst<L, V>(k), next = E.LoadFirst<L, V>(k + gap);
                    V v = L.Broadcast(at[0]);
                    a0 = L.MultiplyAdd(v, first, a0);
                    c0 = L.MultiplyAdd(v, next, c0);
                    v = L.Broadcast(at[dims]);
                    a1 = L.MultiplyAdd(v, first, a1);
                    c1 = L.MultiplyAdd(v, next, c1);
                    v = L.Broadcast(at[2 * dims]);
                    a2 = L.MultiplyAdd(v, first, a2);
                    c2 = L.MultiplyAdd(v, next, c2);
                    v = L.Broadcast(at[3 * dims]);
                    a3 = L.MultiplyAdd(v, first, a3);
                    c3 = L.MultiplyAdd(v, next, c3);
                    first = E.LoadSecond<L, V>(k, rowBytes);
                    next = E.LoadSecond<L, V>(k + gap, rowBytes);
                    v = L.Broadcast(at[1]);
                    b0 = L.MultiplyAdd(v, first, b0);
                    d0 = L.MultiplyAdd(v, next, d0);
                    v = L.Broadcast(at[dims + 1]);
                    b1 = L.MultiplyAdd(v, first, b1);
                    d1 = L.MultiplyAdd(v, next, d1);
                    v = L.Broadcast(at[2 * dims + 1]);
                    b2 = L.MultiplyAdd(v, first, b2);
                    d2 = L.MultiplyAdd(v, next, d2);
                    v = L.Broadcast(at[3 * dims + 1]);
                    b3 = L.MultiplyAdd(v, first, b3);
                    d3 = L.MultiplyAdd(v, next, d3);
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch1(k + ahead);
                        Sse.Prefetch1(k + gap + ahead);
                    }
                }
                var two = L.Broadcast(factor);
                float* to = scores + i;
                L.Store(to, L.Multiply(L.Add(a0, b0), two));
                L.Store(to + L.Count, L.Multiply(L.Add(c0, d0), two));
                to += stride;
                L.Store(to, L.Multiply(L.Add(a1, b1), two));
                L.Store(to + L.Count, L.Multiply(L.Add(c1, d1), two));
                to += stride;
                L.Store(to, L.Multiply(L.Add(a2, b2), two));
                L.Store(to + L.Count, L.Multiply(L.Add(c2, d2), two));
                to += stride;
                L.Store(to, L.Multiply(L.Add(a3, b3), two));
                L.Store(to + L.Count, L.Multiply(L.Add(c3, d3), two));
            }
        }
        for (; i < tokens; i += L.Count)
        {
            byte* k = keys + (i < 16 ? 0 : gap) + i % 16 * sizeof(float);
            V a0 = L.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            for (float* at = q; at < end; at += 2, k += pairBytes)
            {
                V first = E.LoadFirst<L, V>(k), second = E.LoadSecond<L, V>(k, rowBytes);
                a0 = L.MultiplyAdd(L.Broadcast(at[0]), first, a0);
                b0 = L.MultiplyAdd(L.Broadcast(at[1]), second, b0);
                a1 = L.MultiplyAdd(L.Broadcast(at[dims]), first, a1);
                b1 = L.MultiplyAdd(L.Broadcast(at[dims + 1]), second, b1);
                a2 = L.MultiplyAdd(L.Broadcast(at[2 * dims]), first, a2);
                b2 = L.MultiplyAdd(L.Broadcast(at[2 * dims + 1]), second, b2);
                a3 = L.MultiplyAdd(L.Broadcast(at[3 * dims]), first, a3);
                b3 = L.MultiplyAdd(L.Broadcast(at[3 * dims + 1]), second, b3);
                if (Sse.IsSupported)
                    Sse.Prefetch1(k + ahead);
            }
            var one = L.Broadcast(factor);
            L.Store(scores + i, L.Multiply(L.Add(a0, b0), one));
            L.Store(scores + stride + i, L.Multiply(L.Add(a1, b1), one));
            L.Store(scores + 2 * stride + i, L.Multiply(L.Add(a2, b2), one));
            L.Store(scores + 3 * stride + i, L.Multiply(L.Add(a3, b3), one));
        }
    }

    /// <summary>One query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(float* q, int dims, float factor, byte* keys, nint gap, int tokens, int rowBytes, nint ahead, float* scores)
    {
        nint pairBytes = rowBytes * 2 / E.Format.Elements;
        for (int i = 0; i < tokens; i += L.Count)
        {
            byte* k = keys + (i < 16 ? 0 : gap) + i % 16 * sizeof(float);
            V a = L.Broadcast(0), b = a;
            for (int d = 0; d < dims; d += 2, k += pairBytes)
            {
                a = L.MultiplyAdd(L.Broadcast(q[d]), E.LoadFirst<L, V>(k), a);
                b = L.MultiplyAdd(L.Broadcast(q[d + 1]), E.LoadSecond<L, V>(k, rowBytes), b);
                if (Sse.IsSupported)
                    Sse.Prefetch1(k + ahead);
            }
            L.Store(scores + i, L.Multiply(L.Add(a, b), L.Broadcast(factor)));
        }
    }
}
