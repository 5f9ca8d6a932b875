using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Weighted sums of the V of one block, [token][dim], added to what is there: lanes are dims, each with one accumulator that runs through the tokens in
/// order, in tiles of any shape alike. Dims are whole registers, padding included.
/// </summary>
internal static unsafe class WeighKernels<E, L, V> where E : IStoredFloat where L : ILanes<V> where V : unmanaged
{
    /// <summary>Tokens [0, to) for four queries, rows of <paramref name="weights"/> apart by <paramref name="stride"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* values, int dims, int to, float* weights, int stride, float* sums)
    {
        float* p1 = weights + stride;
        float* p2 = p1 + stride;
        float* p3 = p2 + stride;
        nint step = (nint)dims * E.Size;
        int i = 0;
        for (; i + 2 * L.Count <= dims; i += 2 * L.Count)
        {
            byte* v = values + (nint)i * E.Size;
            float* s0 = sums + i;
            float* s1 = s0 + dims;
            float* s2 = s1 + dims;
            float* s3 = s2 + dims;
            V a0 = L.Load(s0), a1 = L.Load(s1), a2 = L.Load(s2), a3 = L.Load(s3);
            V b0 = L.Load(s0 + L.Count), b1 = L.Load(s1 + L.Count), b2 = L.Load(s2 + L.Count), b3 = L.Load(s3 + L.Count);
            for (int j = 0; j < to; j++, v += step)
            {
                var a = E.Load<L, V>(v);
                var b = E.Load<L, V>(v + L.Count * E.Size);
                var p = L.Broadcast(weights[j]);
                a0 = L.MultiplyAdd(p, a, a0);
                b0 = L.MultiplyAdd(p, b, b0);
                p = L.Broadcast(p1[j]);
                a1 = L.MultiplyAdd(p, a, a1);
                b1 = L.MultiplyAdd(p, b, b1);
                p = L.Broadcast(p2[j]);
                a2 = L.MultiplyAdd(p, a, a2);
                b2 = L.MultiplyAdd(p, b, b2);
                p = L.Broadcast(p3[j]);
                a3 = L.MultiplyAdd(p, a, a3);
                b3 = L.MultiplyAdd(p, b, b3);
            }
            L.Store(s0, a0);
            L.Store(s0 + L.Count, b0);
            L.Store(s1, a1);
            L.Store(s1 + L.Count, b1);
            L.Store(s2, a2);
            L.Store(s2 + L.Count, b2);
            L.Store(s3, a3);
            L.Store(s3 + L.Count, b3);
        }
        for (; i < dims; i += L.Count)
        {
            byte* v = values + (nint)i * E.Size;
            float* s = sums + i;
            V a0 = L.Load(s), a1 = L.Load(s + dims), a2 = L.Load(s + 2 * dims), a3 = L.Load(s + 3 * dims);
            for (int j = 0; j < to; j++, v += step)
            {
                var a = E.Load<L, V>(v);
                a0 = L.MultiplyAdd(L.Broadcast(weights[j]), a, a0);
                a1 = L.MultiplyAdd(L.Broadcast(p1[j]), a, a1);
                a2 = L.MultiplyAdd(L.Broadcast(p2[j]), a, a2);
                a3 = L.MultiplyAdd(L.Broadcast(p3[j]), a, a3);
            }
            L.Store(s, a0);
            L.Store(s + dims, a1);
            L.Store(s + 2 * dims, a2);
            L.Store(s + 3 * dims, a3);
        }
    }

    /// <summary>Tokens [from, to) for one query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* values, int dims, int from, int to, float* weights, float* sums)
    {
        nint step = (nint)dims * E.Size;
        int i = 0;
        for (; i + 4 * L.Count <= dims; i += 4 * L.Count)
        {
            byte* v = values + (nint)i * E.Size + from * step;
            float* s = sums + i;
            V a = L.Load(s), b = L.Load(s + L.Count), c = L.Load(s + 2 * L.Count), d = L.Load(s + 3 * L.Count);
            for (int j = from; j < to; j++, v += step)
            {
                var p = L.Broadcast(weights[j]);
                a = L.MultiplyAdd(p, E.Load<L, V>(v), a);
                b = L.MultiplyAdd(p, E.Load<L, V>(v + L.Count * E.Size), b);
                c = L.MultiplyAdd(p, E.Load<L, V>(v + 2 * L.Count * E.Size), c);
                d = L.MultiplyAdd(p, E.Load<L, V>(v + 3 * L.Count * E.Size), d);
            }
            L.Store(s, a);
            L.Store(s + L.Count, b);
            L.Store(s + 2 * L.Count, c);
            L.Store(s + 3 * L.Count, d);
        }
        for (; i < dims; i += L.Count)
        {
            byte* v = values + (nint)i * E.Size + from * step;
            var a = L.Load(sums + i);
            for (int j = from; j < to; j++, v += step)
                a = L.MultiplyAdd(L.Broadcast(weights[j]), E.Load<L, V>(v), a);
            L.Store(sums + i, a);
        }
    }
}
