using System.Numerics;
using System.Runtime.InteropServices;

namespace Sluice.Engine.Sampling;

/// <summary>
/// Draws tokens from logits: penalties, temperature, top-k, top-p, min-p, draw. No full sort of the vocabulary is made: a filter that needs
/// order sorts only what it can still keep. Its arrays are reused, so one sampler serves one thread.
/// </summary>
internal sealed class Sampler(int vocabulary)
{
    /// <summary>Returned where the logits hold a value that is not finite.</summary>
    public const int NotFinite = -1;

    // exp(-30) x 150,000 tokens is below a float's resolution of the sum.
    private const float NegligibleExponent = -30;

    private readonly int[] _ids = new int[vocabulary];
    private readonly float[] _weights = new float[vocabulary];
    private readonly PriorityQueue<int, (float, int)> _best = new(64);

    /// <param name="logits">One row; overwritten by penalties.</param>
    /// <param name="length">Length of the sequence, which numbers the draw.</param>
    /// <returns>A token id, or <see cref="NotFinite"/>.</returns>
    public int Sample(Span<float> logits, SamplerState state, int length)
    {
        var options = state.Options;
        state.Penalise(logits);
        if (!TryMax(logits, out float max))
            return NotFinite;
        if (options.Temperature <= 0 || options.TopK == 1)
            return logits.IndexOf(max);

        int count = options.TopK > 0 && options.TopK < logits.Length ? TakeTopK(logits, options.TopK) : TakeAll(logits);
        float sum = Weigh(count, max, options.Temperature);
        if (options.TopP < 1)
            (count, sum) = KeepTopP(count, options.TopP * sum);
        if (options.MinP > 0)
            (count, sum) = KeepAtLeast(count, options.MinP); // the most likely has weight 1
        return Draw(count, state.Uniform(length) * sum);
    }

    /// <summary>The largest value; false where any is NaN or infinite, except minus infinity, which forbids a token.</summary>
    private static bool TryMax(ReadOnlySpan<float> logits, out float max)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var best = new Vector<float>(float.NegativeInfinity);
        var ordered = Vector<int>.AllBitsSet;
        foreach (var v in vectors)
        {
            best = Vector.Max(best, v);
            ordered &= Vector.Equals(v, v); // false for NaN
        }
        max = float.NegativeInfinity;
        for (int i = 0; i < Vector<float>.Count; i++)
            max = Math.Max(max, best[i]);
        bool anyNaN = !Vector.EqualsAll(ordered, Vector<int>.AllBitsSet);
        foreach (float v in logits[(vectors.Length * Vector<float>.Count)..])
        {
            max = Math.Max(max, v);
            anyNaN |= float.IsNaN(v);
        }
        return !anyNaN && float.IsFinite(max);
    }

    private int TakeAll(ReadOnlySpan<float> logits)
    {
        for (int i = 0; i < logits.Length; i++)
            _ids[i] = i;
        logits.CopyTo(_weights);
        return logits.Length;
    }

    private int TakeTopK(ReadOnlySpan<float> logits, int k)
    {
        _best.Clear();
        for (int i = 0; i < logits.Length; i++)
        {
            if (_best.Count < k)
                _best.Enqueue(i, (logits[i], -i)); // of equals the lower id is better
            else if (logits[i] > logits[_best.Peek()])
                _best.EnqueueDequeue(i, (logits[i], -i));
        }
        for (int n = _best.Count - 1; n >= 0; n--)
        {
            _ids[n] = _best.Dequeue();
            _weights[n] = logits[_ids[n]];
        }
        return k;
    }

    /// <summary>Turns the logits of the candidates into weights relative to the most likely one's; returns their sum.</summary>
    private float Weigh(int count, float max, float temperature)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            float exponent = (_weights[i] - max) / temperature;
            _weights[i] = exponent < NegligibleExponent ? 0 : MathF.Exp(exponent);
            sum += _weights[i];
        }
        return (float)sum;
    }

    /// <summary>Keeps the heaviest candidates that together weigh at least <paramref name="wanted"/>, heaviest first.</summary>
    private (int Count, float Sum) KeepTopP(int count, float wanted)
    {
        for (float least = 1e-2f; ; least = least > 1e-12f ? least * 1e-3f : 0)
        {
            // Move what may still be kept to the front, and sort only that; mostly the first threshold suffices.
            int heavy = 0;
            for (int i = 0; i < count; i++)
            {
                if (_weights[i] < least)
                    continue;
                (_weights[i], _weights[heavy]) = (_weights[heavy], _weights[i]);
                (_ids[i], _ids[heavy]) = (_ids[heavy], _ids[i]);
                heavy++;
            }
            var weights = _weights.AsSpan(0, heavy);
            weights.Sort(_ids.AsSpan(0, heavy), static (a, b) => b.CompareTo(a));
            double sum = 0;
            for (int i = 0; i < heavy; i++)
            {
                sum += weights[i];
                if (sum >= wanted)
                    return (i + 1, (float)sum);
            }
            if (least == 0)
                return (heavy, (float)sum); // rounding kept the sum below what was wanted
        }
    }

    private (int Count, float Sum) KeepAtLeast(int count, float least)
    {
        int kept = 0;
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            if (_weights[i] < least)
                continue;
            _weights[kept] = _weights[i];
            _ids[kept++] = _ids[i];
            sum += _weights[i];
        }
        return (kept, (float)sum);
    }

    private int Draw(int count, double target)
    {
        double sum = 0;
        int last = 0;
        for (int i = 0; i < count; i++)
        {
            if (_weights[i] == 0)
                continue;
            last = i;
            sum += _weights[i];
            if (target < sum)
                break;
        }
        return _ids[last];
    }
}
