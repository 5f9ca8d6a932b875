using Sluice.Core.Errors;
using Sluice.Models;

namespace Sluice.Engine.Embedding;

/// <summary>
/// Takes one sequence's hidden states, position by position, and makes its embedding of them. The sum runs in order of position and in double
/// precision, so the result does not depend on how the steps cut the text. For the engine's thread.
/// </summary>
internal sealed class HiddenPooler(Pooling pooling, int dim)
{
    private readonly double[] _sum = new double[dim];
    private int _count;

    /// <summary>Whether no position may come from the prefix cache, which keeps no hidden states.</summary>
    public bool NeedsEveryPosition => pooling == Pooling.Mean;

    /// <param name="position">0 starts anew: the sequence was preempted and is computed again.</param>
    public void Add(int position, ReadOnlySpan<float> hidden)
    {
        if (position == 0 || !NeedsEveryPosition)
        {
            Array.Clear(_sum);
            _count = 0;
        }
        for (int i = 0; i < hidden.Length; i++)
            _sum[i] += hidden[i];
        _count++;
    }

    /// <exception cref="SluiceException">The model gave something that is no number.</exception>
    public float[] Result()
    {
        var embedding = new float[_sum.Length];
        for (int i = 0; i < embedding.Length; i++)
        {
            embedding[i] = (float)(_sum[i] / _count);
            if (!float.IsFinite(embedding[i]))
                throw new SluiceException("the model gave hidden states that are not finite; its weights are damaged");
        }
        return embedding;
    }
}
