using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Scores of queries against the K of one block, [dim][token]: lanes are tokens, each with one accumulator that runs through the dims in order, in tiles of
/// any shape alike. Tokens are whole registers, padding included.
/// </summary>
internal static unsafe class ScoreKernels<E, L, V> where E : IStoredFloat where L : ILanes<V> where V : unmanaged
{
    /// <summary>Four queries, rows of <paramref name="scores"/> apart by <paramref name="stride"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(float* q0, float* q1, float* q2, float* q3, int dims, float scale, byte* keys, int tokens, float* scores, int stride)
    {
        nint step = (nint)tokens * E.Size;
        var factor = L.Broadcast(scale);
        int i = 0;
        for (; i + 2 * L.Count <= tokens; i += 2 * L.Count)
        {
            byte* k = keys + (nint)i * E.Size;
            V a0 = L.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            for (int d = 0; d < dims; d++, k += step)
            {
                var a = E.Load<L, V>(k);
                var b = E.Load<L, V>(k + L.Count * E.Size);
                var q = L.Broadcast(q0[d]);
                a0 = L.MultiplyAdd(q, a, a0);
                b0 = L.MultiplyAdd(q, b, b0);
                q = L.Broadcast(q1[d]);
                a1 = L.MultiplyAdd(q, a, a1);
                b1 = L.MultiplyAdd(q, b, b1);
                q = L.Broadcast(q2[d]);
                a2 = L.MultiplyAdd(q, a, a2);
                b2 = L.MultiplyAdd(q, b, b2);
                q = L.Broadcast(q3[d]);
                a3 = L.MultiplyAdd(q, a, a3);
                b3 = L.MultiplyAdd(q, b, b3);
            }
            float* to = scores + i;
            L.Store(to, L.Multiply(a0, factor));
            L.Store(to + L.Count, L.Multiply(b0, factor));
            to += stride;
            L.Store(to, L.Multiply(a1, factor));
            L.Store(to + L.Count, L.Multiply(b1, factor));
            to += stride;
            L.Store(to, L.Multiply(a2, factor));
            L.Store(to + L.Count, L.Multiply(b2, factor));
            to += stride;
            L.Store(to, L.Multiply(a3, factor));
            L.Store(to + L.Count, L.Multiply(b3, factor));
        }
        for (; i < tokens; i += L.Count)
        {
            byte* k = keys + (nint)i * E.Size;
            V a0 = L.Broadcast(0), a1 = a0, a2 = a0, a3 = a0;
            for (int d = 0; d < dims; d++, k += step)
            {
                var a = E.Load<L, V>(k);
                a0 = L.MultiplyAdd(L.Broadcast(q0[d]), a, a0);
                a1 = L.MultiplyAdd(L.Broadcast(q1[d]), a, a1);
                a2 = L.MultiplyAdd(L.Broadcast(q2[d]), a, a2);
                a3 = L.MultiplyAdd(L.Broadcast(q3[d]), a, a3);
            }
            L.Store(scores + i, L.Multiply(a0, factor));
            L.Store(scores + stride + i, L.Multiply(a1, factor));
            L.Store(scores + 2 * stride + i, L.Multiply(a2, factor));
            L.Store(scores + 3 * stride + i, L.Multiply(a3, factor));
        }
    }

    /// <summary>One query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(float* q, int dims, float scale, byte* keys, int tokens, float* scores)
    {
        nint step = (nint)tokens * E.Size;
        var factor = L.Broadcast(scale);
        int i = 0;
        for (; i + 2 * L.Count <= tokens; i += 2 * L.Count)
        {
            byte* k = keys + (nint)i * E.Size;
            V a0 = L.Broadcast(0), b0 = a0;
            for (int d = 0; d < dims; d++, k += step)
            {
                var v = L.Broadcast(q[d]);
                a0 = L.MultiplyAdd(v, E.Load<L, V>(k), a0);
                b0 = L.MultiplyAdd(v, E.Load<L, V>(k + L.Count * E.Size), b0);
            }
            L.Store(scores + i, L.Multiply(a0, factor));
            L.Store(scores + i + L.Count, L.Multiply(b0, factor));
        }
        for (; i < tokens; i += L.Count)
        {
            byte* k = keys + (nint)i * E.Size;
            var a0 = L.Broadcast(0);
            for (int d = 0; d < dims; d++, k += step)
                a0 = L.MultiplyAdd(L.Broadcast(q[d]), E.Load<L, V>(k), a0);
            L.Store(scores + i, L.Multiply(a0, factor));
        }
    }
}
