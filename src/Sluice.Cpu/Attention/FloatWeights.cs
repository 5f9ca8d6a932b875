using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Weighted sums of V, added to what is there: lanes are dims, each with one accumulator that runs through the tokens in order, in tiles of any shape
/// alike. Dims are two whole registers or more, padding included.
/// </summary>
internal static unsafe class FloatWeights<E, L, V> where E : IKvFloat where L : ILanes<V> where V : unmanaged
{
    /// <summary>Tokens [0, count) for four queries, rows of <paramref name="weights"/> apart by <paramref name="stride"/>, sums by <paramref name="dims"/>.</summary>
    /// <param name="ahead">Distance of memory to be fetched meanwhile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* values, int dims, int count, nint ahead, float* weights, int stride, float* sums)
    {
        int rowBytes = dims * sizeof(float), pairBytes = rowBytes * 2 / E.Format.Elements;
        int second = L.Count * sizeof(float);
        int i = 0;
        for (; i + 2 * L.Count <= dims; i += 2 * L.Count)
        {
            byte* v = values + i * sizeof(float);
            float* s0 = sums + i;
            float* s1 = s0 + dims;
            float* s2 = s1 + dims;
            float* s3 = s2 + dims;
            V a0 = L.Load(s0), a1 = L.Load(s1), a2 = L.Load(s2), a3 = L.Load(s3);
            V b0 = L.Load(s0 + L.Count), b1 = L.Load(s1 + L.Count), b2 = L.Load(s2 + L.Count), b3 = L.Load(s3 + L.Count);
            float* p = weights;
            float* last = weights + (count & ~1);
            for (; p < last; p += 2, v += pairBytes)
            {
                V a = E.LoadFirst<L, V>(v), b = E.LoadFirst<L, V>(v + second);
                V w = L.Broadcast(p[0]);
                a0 = L.MultiplyAdd(w, a, a0);
                b0 = L.MultiplyAdd(w, b, b0);
                w = L.Broadcast(p[stride]);
                a1 = L.MultiplyAdd(w, a, a1);
                b1 = L.MultiplyAdd(w, b, b1);
                w = L.Broadcast(p[2 * stride]);
                a2 = L.MultiplyAdd(w, a, a2);
                b2 = L.MultiplyAdd(w, b, b2);
                w = L.Broadcast(p[3 * stride]);
                a3 = L.MultiplyAdd(w, a, a3);
                b3 = L.MultiplyAdd(w, b, b3);
                a = E.LoadSecond<L, V>(v, rowBytes);
                b = E.LoadSecond<L, V>(v + second, rowBytes);
                w = L.Broadcast(p[1]);
                a0 = L.MultiplyAdd(w, a, a0);
                b0 = L.MultiplyAdd(w, b, b0);
                w = L.Broadcast(p[stride + 1]);
                a1 = L.MultiplyAdd(w, a, a1);
                b1 = L.MultiplyAdd(w, b, b1);
                w = L.Broadcast(p[2 * stride + 1]);
                a2 = L.MultiplyAdd(w, a, a2);
                b2 = L.MultiplyAdd(w, b, b2);
                w = L.Broadcast(p[3 * stride + 1]);
                a3 = L.MultiplyAdd(w, a, a3);
                b3 = L.MultiplyAdd(w, b, b3);
                if (Sse.IsSupported)
                {
                    Sse.Prefetch1(v + ahead);
                    Sse.Prefetch1(v + ahead + second);
                }
            }
            if (count % 2 != 0)
            {
                V a = E.LoadFirst<L, V>(v), b = E.LoadFirst<L, V>(v + second);
                V w = L.Broadcast(p[0]);
                a0 = L.MultiplyAdd(w, a, a0);
                b0 = L.MultiplyAdd(w, b, b0);
                w = L.Broadcast(p[stride]);
                a1 = L.MultiplyAdd(w, a, a1);
                b1 = L.MultiplyAdd(w, b, b1);
                w = L.Broadcast(p[2 * stride]);
                a2 = L.MultiplyAdd(w, a, a2);
                b2 = L.MultiplyAdd(w, b, b2);
                w = L.Broadcast(p[3 * stride]);
                a3 = L.MultiplyAdd(w, a, a3);
                b3 = L.MultiplyAdd(w, b, b3);
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
            for (int t = 0; t < 4; t++)
                Column(values + i * sizeof(float), rowBytes, count, ahead, weights + t * stride, sums + t * dims + i);
        }
    }

    /// <summary>Tokens [0, count) for one query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* values, int dims, int count, nint ahead, float* weights, float* sums)
    {
        int rowBytes = dims * sizeof(float);
        for (int i = 0; i < dims; i += L.Count)
            Column(values + i * sizeof(float), rowBytes, count, ahead, weights, sums + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(byte* v, int rowBytes, int count, nint ahead, float* weights, float* sums)
    {
        int pairBytes = rowBytes * 2 / E.Format.Elements;
        var sum = L.Load(sums);
        int j = 0;
        for (; j + 2 <= count; j += 2, v += pairBytes)
        {
            sum = L.MultiplyAdd(L.Broadcast(weights[j]), E.LoadFirst<L, V>(v), sum);
            sum = L.MultiplyAdd(L.Broadcast(weights[j + 1]), E.LoadSecond<L, V>(v, rowBytes), sum);
            if (Sse.IsSupported)
                Sse.Prefetch1(v + ahead);
        }
        if (j < count)
            sum = L.MultiplyAdd(L.Broadcast(weights[j]), E.LoadFirst<L, V>(v), sum);
        L.Store(sums, sum);
    }
}
