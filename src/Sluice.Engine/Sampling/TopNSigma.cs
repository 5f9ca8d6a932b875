using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sluice.Engine.Sampling;

/// <summary>Keeps tokens whose logit is within n standard deviations of the largest (Tang et al. 2024).</summary>
internal sealed class TopNSigma(float n) : ICandidateFilter
{
    public void Apply(Candidates candidates, in DrawContext draw)
    {
        if (candidates.Count <= 1)
            return;
        var (count, sum) = Moment(candidates.Logits, 0, squared: false);
        float mean = (float)(sum / count);
        double squares = Moment(candidates.Logits, mean, squared: true).Sum;
        candidates.KeepAtLeast(candidates.Max - n * (float)Math.Sqrt(squares / count));
    }

    /// <summary>How many logits are not minus infinity, and the sum of their differences from a centre, or of the squares of these.</summary>
    private static (double Count, double Sum) Moment(ReadOnlySpan<float> logits, float centre, bool squared)
    {
        const int Chunk = 256; // vectors that are added up as floats
        var all = MemoryMarshal.Cast<float, Vector512<float>>(logits);
        var none = Vector512.Create(float.NegativeInfinity);
        double count = 0, sum = 0;
        for (int first = 0; first < all.Length; first += Chunk)
        {
            Vector512<float> counted = default, summed = default;
            foreach (var logit in all.Slice(first, Math.Min(Chunk, all.Length - first)))
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
