using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sluice.Engine.Sampling;

/// <summary>
/// Loops over logits, 16 lanes at a time. Every span is a multiple of 16 long, padded with logits of minus infinity, so that there are no
/// tails. Sums are of floats within a chunk and of doubles over the chunks. Without AVX-512 the runtime splits each vector into narrower
/// ones.
/// </summary>
internal static class LogitVectors
{
    public const int Lanes = 16;

    /// <summary>Elements whose sum is taken in floats.</summary>
    public const int Chunk = 4096;

    private const int ChunkVectors = Chunk / Lanes;

    public static int Padded(int count) => (count + Lanes - 1) / Lanes * Lanes;

    /// <summary>Finds the largest; false where there is NaN or plus infinity, or nothing but minus infinity.</summary>
    public static bool TryMax(ReadOnlySpan<float> logits, out float max)
    {
        var best = Vector512.Create(float.NegativeInfinity);
        var ordered = Vector512<float>.AllBitsSet;
        foreach (var v in MemoryMarshal.Cast<float, Vector512<float>>(logits))
        {
            best = Vector512.MaxNative(best, v);
            ordered &= Vector512.Equals(v, v); // false for NaN
        }
        max = Largest(best);
        return float.IsFinite(max) && ordered.ExtractMostSignificantBits() == (1UL << Lanes) - 1;
    }

    public static float Largest(Vector512<float> values)
    {
        float largest = values[0];
        for (int i = 1; i < Lanes; i++)
            largest = Math.Max(largest, values[i]);
        return largest;
    }

    /// <summary>The first place of a value that is there. The span's own search goes through floats one by one.</summary>
    public static int IndexOf(ReadOnlySpan<float> logits, float value)
    {
        var all = MemoryMarshal.Cast<float, Vector512<float>>(logits);
        var wanted = Vector512.Create(value);
        int v = 0;
        while (!Vector512.EqualsAny(all[v], wanted))
            v++;
        return v * Lanes + BitOperations.TrailingZeroCount(Vector512.Equals(all[v], wanted).ExtractMostSignificantBits());
    }

    /// <summary>Sets each weight to e^((logit - max) / temperature).</summary>
    /// <param name="masses">Set to the sum of each chunk.</param>
    /// <returns>Their sum.</returns>
    public static double Weigh(ReadOnlySpan<float> logits, Span<float> weights, Span<double> masses, float max, float temperature)
    {
        var all = MemoryMarshal.Cast<float, Vector512<float>>(logits);
        var results = MemoryMarshal.Cast<float, Vector512<float>>(weights);
        var scale = Vector512.Create(1 / temperature);
        var least = Vector512.Create(VectorExp.Least);
        double total = 0;
        for (int chunk = 0; chunk * ChunkVectors < all.Length; chunk++)
        {
            var sum = Vector512<float>.Zero;
            int end = Math.Min((chunk + 1) * ChunkVectors, all.Length);
            for (int v = chunk * ChunkVectors; v < end; v++)
            {
                var exponent = (all[v] - Vector512.Create(max)) * scale;
                var weight = VectorExp.Of(Vector512.MaxNative(exponent, least)) & Vector512.GreaterThan(exponent, least);
                results[v] = weight;
                sum += weight;
            }
            total += masses[chunk] = Vector512.Sum(sum);
        }
        return total;
    }

    /// <summary>The sum of (max - logit) x weight.</summary>
    public static double WeighedDistance(ReadOnlySpan<float> logits, ReadOnlySpan<float> weights, float max)
    {
        var all = MemoryMarshal.Cast<float, Vector512<float>>(logits);
        var factors = MemoryMarshal.Cast<float, Vector512<float>>(weights);
        var none = Vector512.Create(float.NegativeInfinity);
        double total = 0;
        for (int first = 0; first < all.Length; first += ChunkVectors)
        {
            var sum = Vector512<float>.Zero;
            int end = Math.Min(first + ChunkVectors, all.Length);
            for (int v = first; v < end; v++)
                sum += ((Vector512.Create(max) - all[v]) & Vector512.GreaterThan(all[v], none)) * factors[v];
            total += Vector512.Sum(sum);
        }
        return total;
    }

    /// <summary>Sets each key to how near (max - logit) / temperature is to a centre: 0 or less. Returns the largest.</summary>
    public static float Nearness(ReadOnlySpan<float> logits, Span<float> keys, float max, float temperature, float centre)
    {
        var all = MemoryMarshal.Cast<float, Vector512<float>>(logits);
        var results = MemoryMarshal.Cast<float, Vector512<float>>(keys);
        var scale = Vector512.Create(1 / temperature);
        var best = Vector512.Create(float.NegativeInfinity);
        for (int v = 0; v < all.Length; v++)
        {
            results[v] = -Vector512.Abs((Vector512.Create(max) - all[v]) * scale - Vector512.Create(centre));
            best = Vector512.MaxNative(best, results[v]);
        }
        return Largest(best);
    }

    /// <summary>How many elements are at least as heavy as a weight above 0, and the least logit of those.</summary>
    public static int CountHeavier(ReadOnlySpan<float> logits, ReadOnlySpan<float> weights, float weight, out float logit)
    {
        var all = MemoryMarshal.Cast<float, Vector512<float>>(weights);
        int count = 0;
        logit = float.PositiveInfinity;
        for (int v = 0; v < all.Length; v++)
        {
            ulong heavy = Vector512.GreaterThanOrEqual(all[v], Vector512.Create(weight)).ExtractMostSignificantBits();
            for (; heavy != 0; heavy &= heavy - 1, count++)
                logit = Math.Min(logit, logits[v * Lanes + BitOperations.TrailingZeroCount(heavy)]);
        }
        return count;
    }

    /// <summary>
    /// How many logits are not minus infinity, and the sum of their differences from a centre, or of the squares of these.
    /// </summary>
    public static (double Count, double Sum) Moment(ReadOnlySpan<float> logits, float centre, bool squared)
    {
        var all = MemoryMarshal.Cast<float, Vector512<float>>(logits);
        var none = Vector512.Create(float.NegativeInfinity);
        double count = 0, sum = 0;
        for (int first = 0; first < all.Length; first += ChunkVectors)
        {
            Vector512<float> counted = default, summed = default;
            foreach (var logit in all.Slice(first, Math.Min(ChunkVectors, all.Length - first)))
            {
                var there = Vector512.GreaterThan(logit, none);
                var difference = (logit - Vector512.Create(centre)) & there;
                counted += Vector512<float>.One & there;
                summed += squared ? difference * difference : difference;
            }
            count += Vector512.Sum(counted);
            sum += Vector512.Sum(summed);
        }
        return (count, sum);
    }
}
