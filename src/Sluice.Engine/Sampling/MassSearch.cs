using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sluice.Engine.Sampling;

/// <summary>
/// Finds where a list, ordered by falling key and rising index, reaches a mass, without ordering it: weigh it above eight thresholds at
/// once, keep the slice between two of them in which the mass is reached, and again; only the last few are sorted. Top-k, top-p, typical
/// and the draw itself are this question. Its lists are reused; for one thread.
/// </summary>
/// <param name="most">Most elements of a list.</param>
internal sealed class MassSearch(int most)
{
    private const int Lanes = LogitVectors.Lanes;
    private const int Thresholds = 8;
    private const int ChunkVectors = LogitVectors.Chunk / Lanes;

    // Sorted by insertion from here on.
    private const int Few = 32;

    // The first thresholds below the highest key, in units of the keys' spread: where a model's tokens lie, closer the heavier they are.
    private static readonly float[] FirstSteps = [0.5f, 1.5f, 3, 5, 7.5f, 11, 16, 24];

    private readonly float[] _keys = new float[most + Lanes];
    private readonly float[] _weights = new float[most + Lanes];
    private readonly double[] _masses = new double[Thresholds];

    /// <summary>
    /// The shortest beginning of the list whose mass exceeds <paramref name="target"/>; all of it where rounding leaves none.
    /// </summary>
    /// <param name="keys">A multiple of 16 of them; minus infinity is no element.</param>
    /// <param name="weights">Their weights; empty where each weighs 1.</param>
    /// <param name="highest">The largest key; there must be one.</param>
    /// <param name="spread">About how far below it the keys lie that matter.</param>
    public Cut Find(ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, float highest, float spread, double target)
    {
        Span<float> thresholds = stackalloc float[Thresholds];
        for (int j = 0; j < Thresholds; j++)
            thresholds[j] = highest - spread * FirstSteps[j];
        double above = 0;
        int count = Narrow(keys, weights, thresholds, ref above, target, out float low, out float high);
        while (count > Few && low < high)
        {
            for (int j = 0; j < Thresholds; j++)
                thresholds[j] = (float)(high - ((double)high - low) * (j + 1) / Thresholds);
            int padded = Pad(count);
            count = Narrow(_keys.AsSpan(0, padded), _weights.AsSpan(0, padded), thresholds, ref above, target, out low, out high);
        }
        if (low < high)
            Sort(count);
        return Walk(count, above, target);
    }

    /// <summary>Moves the slice in which the target is reached into the own lists; returns its length and its range.</summary>
    /// <param name="above">Mass above the list; grows by what the list has above the slice.</param>
    private int Narrow(
        ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, ReadOnlySpan<float> thresholds, ref double above, double target,
        out float low, out float high)
    {
        Weigh(keys, weights, thresholds);
        int slice = 0;
        while (slice < Thresholds && above + _masses[slice] <= target)
            slice++;
        // Slice j lies from threshold j up to the one before; behind the last threshold is one more, which may be empty.
        int count = 0;
        for (; ; slice--)
        {
            float from = slice < Thresholds ? thresholds[slice] : float.MinValue;
            float to = slice > 0 ? thresholds[slice - 1] : float.PositiveInfinity;
            count = Collect(keys, weights, from, to, out low, out high);
            if (count > 0)
                break;
        }
        above += slice > 0 ? _masses[slice - 1] : 0;
        return count;
    }

    /// <summary>Sets the masses at and above each threshold.</summary>
    private void Weigh(ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, ReadOnlySpan<float> thresholds)
    {
        Array.Clear(_masses);
        var allKeys = MemoryMarshal.Cast<float, Vector512<float>>(keys);
        var allWeights = MemoryMarshal.Cast<float, Vector512<float>>(weights);
        var t0 = Vector512.Create(thresholds[0]);
        var t1 = Vector512.Create(thresholds[1]);
        var t2 = Vector512.Create(thresholds[2]);
        var t3 = Vector512.Create(thresholds[3]);
        var t4 = Vector512.Create(thresholds[4]);
        var t5 = Vector512.Create(thresholds[5]);
        var t6 = Vector512.Create(thresholds[6]);
        var t7 = Vector512.Create(thresholds[7]);
        for (int first = 0; first < allKeys.Length; first += ChunkVectors)
        {
            Vector512<float> m0 = default, m1 = default, m2 = default, m3 = default, m4 = default, m5 = default, m6 = default, m7 = default;
            var some = allKeys.Slice(first, Math.Min(ChunkVectors, allKeys.Length - first));
            for (int i = 0; i < some.Length; i++)
            {
                var key = some[i];
                var weight = allWeights.IsEmpty ? Vector512<float>.One : allWeights[first + i];
                m0 += Vector512.GreaterThanOrEqual(key, t0) & weight;
                m1 += Vector512.GreaterThanOrEqual(key, t1) & weight;
                m2 += Vector512.GreaterThanOrEqual(key, t2) & weight;
                m3 += Vector512.GreaterThanOrEqual(key, t3) & weight;
                m4 += Vector512.GreaterThanOrEqual(key, t4) & weight;
                m5 += Vector512.GreaterThanOrEqual(key, t5) & weight;
                m6 += Vector512.GreaterThanOrEqual(key, t6) & weight;
                m7 += Vector512.GreaterThanOrEqual(key, t7) & weight;
            }
            _masses[0] += Vector512.Sum(m0);
            _masses[1] += Vector512.Sum(m1);
            _masses[2] += Vector512.Sum(m2);
            _masses[3] += Vector512.Sum(m3);
            _masses[4] += Vector512.Sum(m4);
            _masses[5] += Vector512.Sum(m5);
            _masses[6] += Vector512.Sum(m6);
            _masses[7] += Vector512.Sum(m7);
        }
    }

    /// <summary>
    /// Copies the elements of a slice, in their order; the source may be the own lists, since a copy never overtakes its source.
    /// </summary>
    private int Collect(ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, float from, float to, out float low, out float high)
    {
        var allKeys = MemoryMarshal.Cast<float, Vector512<float>>(keys);
        var allWeights = MemoryMarshal.Cast<float, Vector512<float>>(weights);
        var least = Vector512.Create(from);
        var end = Vector512.Create(to);
        var lowest = Vector512.Create(float.PositiveInfinity);
        var highest = Vector512.Create(float.NegativeInfinity);
        int count = 0;
        for (int v = 0; v < allKeys.Length; v++)
        {
            var key = allKeys[v];
            var inside = Vector512.GreaterThanOrEqual(key, least) & Vector512.LessThan(key, end);
            if (inside.AsInt32() == Vector512<int>.Zero)
                continue;
            var weight = allWeights.IsEmpty ? Vector512<float>.One : allWeights[v];
            Packing.Append(key, inside, _keys, count);
            Packing.Append(weight, inside, _weights, count);
            count += BitOperations.PopCount(inside.ExtractMostSignificantBits());
            lowest = Vector512.MinNative(lowest, Vector512.ConditionalSelect(inside, key, lowest));
            highest = Vector512.MaxNative(highest, Vector512.ConditionalSelect(inside, key, highest));
        }
        low = -LogitVectors.Largest(-lowest);
        high = LogitVectors.Largest(highest);
        return count;
    }

    private int Pad(int count)
    {
        int padded = LogitVectors.Padded(count);
        _keys.AsSpan(count, padded - count).Fill(float.NegativeInfinity);
        _weights.AsSpan(count, padded - count).Clear();
        return padded;
    }

    /// <summary>By falling key; equals keep their order.</summary>
    private void Sort(int count)
    {
        for (int i = 1; i < count; i++)
        {
            float key = _keys[i], weight = _weights[i];
            int at = i;
            for (; at > 0 && _keys[at - 1] < key; at--)
            {
                _keys[at] = _keys[at - 1];
                _weights[at] = _weights[at - 1];
            }
            _keys[at] = key;
            _weights[at] = weight;
        }
    }

    private Cut Walk(int count, double above, double target)
    {
        int ties = 0;
        for (int i = 0; ; i++)
        {
            ties = i > 0 && _keys[i] == _keys[i - 1] ? ties + 1 : 1;
            above += _weights[i];
            if (above > target || i + 1 == count)
                return new Cut(_keys[i], ties);
        }
    }
}
