using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Floats as whole numbers of 16 bits with one scale: 2^-16 of the greatest is the most that any is off, far less than K and V are themselves.
/// </summary>
internal static unsafe class WordQuantizer<L, V> where L : ILanes<V> where V : unmanaged
{
    private const float Greatest = short.MaxValue;

    /// <summary>Scales are not made of less: what is below it counts as zero.</summary>
    private const float Least = 1e-30f;

    /// <summary>words[i] = values[i] / scale, rounded to nearest even.</summary>
    /// <param name="scale">NaN if a value is not finite, so that it shows in the result.</param>
    /// <param name="sum">Of the whole numbers; exact for up to 512.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(float* values, int count, short* words, out float scale, out int sum)
    {
        V most = L.Broadcast(0), total = most;
        int i = 0;
        for (; i + L.Count <= count; i += L.Count)
        {
            V value = L.Load(values + i);
            most = L.Max(most, L.Abs(value));
            total = L.Add(total, value);
        }
        float greatest = L.MaxOf(most), all = L.Sum(total);
        for (; i < count; i++)
        {
            greatest = Lanes1.Max(greatest, MathF.Abs(values[i]));
            all += values[i];
        }
        float inverse = greatest > Least ? Greatest / greatest : 0;
        scale = (greatest > Least ? greatest / Greatest : 0) + all * 0;
        var factor = L.Broadcast(inverse);
        total = L.Broadcast(0);
        for (i = 0; i + L.Count <= count; i += L.Count)
        {
            V whole = L.RoundToEven(L.Multiply(L.Load(values + i), factor));
            L.StoreWords(words + i, whole);
            total = L.Add(total, whole);
        }
        all = L.Sum(total);
        for (; i < count; i++)
        {
            float whole = MathF.Round(values[i] * inverse);
            words[i] = (short)whole;
            all += whole;
        }
        sum = (int)all;
    }

    /// <summary>products[i] = a[i] · b[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, float* b, int count, float* products)
    {
        int i = 0;
        for (; i + L.Count <= count; i += L.Count)
            L.Store(products + i, L.Multiply(L.Load(a + i), L.Load(b + i)));
        for (; i < count; i++)
            products[i] = a[i] * b[i];
    }
}
