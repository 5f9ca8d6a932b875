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
    /// <param name="summed">Whether the sum is asked for.</param>
    /// <param name="scale">NaN if a value is not finite, so that it shows in the result.</param>
    /// <param name="sum">Of the whole numbers; exact for up to 512. Zero where it is not asked for.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(float* values, int count, short* words, bool summed, out float scale, out int sum)
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
        scale = Round(values, count, greatest, all, words, summed, out sum);
    }

    /// <summary>The same of products[i] = a[i] · b[i], which it leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(float* a, float* b, int count, float* products, short* words, bool summed, out float scale, out int sum)
    {
        V most = L.Broadcast(0), total = most;
        int i = 0;
        for (; i + L.Count <= count; i += L.Count)
        {
            V value = L.Multiply(L.Load(a + i), L.Load(b + i));
            L.Store(products + i, value);
            most = L.Max(most, L.Abs(value));
            total = L.Add(total, value);
        }
        float greatest = L.MaxOf(most), all = L.Sum(total);
        for (; i < count; i++)
        {
            products[i] = a[i] * b[i];
            greatest = Lanes1.Max(greatest, MathF.Abs(products[i]));
            all += products[i];
        }
        scale = Round(products, count, greatest, all, words, summed, out sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Round(float* values, int count, float greatest, float all, short* words, bool summed, out int sum)
    {
        float inverse = greatest > Least ? Greatest / greatest : 0;
        var factor = L.Broadcast(inverse);
        var total = L.Broadcast(0);
        float rest = 0;
        int i = 0;
        for (; i + L.Count <= count; i += L.Count)
        {
            V scaled = L.Multiply(L.Load(values + i), factor);
            L.StoreWords(words + i, scaled);
            if (summed)
                total = L.Add(total, L.RoundToEven(scaled));
        }
        for (; i < count; i++)
        {
            float whole = MathF.Round(values[i] * inverse);
            words[i] = (short)whole;
            rest += whole;
        }
        sum = summed ? (int)(L.Sum(total) + rest) : 0;
        return (greatest > Least ? greatest / Greatest : 0) + all * 0;
    }
}
