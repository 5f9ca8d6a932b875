namespace Sluice.Conformance.Twins;

/// <summary>Attention of one row as it is defined, in double precision.</summary>
internal static class NaiveAttention
{
    /// <param name="q">The row's queries, [head][dim].</param>
    /// <param name="k">Keys of at least the positions it sees, [position][KV head][dim]; <paramref name="v"/> alike.</param>
    /// <param name="visible">Positions below it may be seen.</param>
    /// <param name="hidden">Those among them that are not: from First up to End.</param>
    /// <returns>[head][dim].</returns>
    public static double[] Attend(ReadOnlySpan<float> q, float[] k, float[] v, int visible, int kvHeads, int dim, double scale,
        (int First, int End) hidden = default)
    {
        int heads = q.Length / dim;
        var y = new double[q.Length];
        for (int h = 0; h < heads; h++)
        {
            int kvHead = h / (heads / kvHeads);
            var scores = new double[visible];
            for (int p = 0; p < visible; p++)
                for (int d = 0; d < dim; d++)
                    scores[p] += scale * q[h * dim + d] * k[(p * kvHeads + kvHead) * dim + d];
            for (int p = hidden.First; p < Math.Min(hidden.End, visible); p++)
                scores[p] = double.NegativeInfinity;
            double max = scores.Max();
            double sum = scores.Sum(s => Math.Exp(s - max));
            for (int p = 0; p < visible; p++)
                for (int d = 0; d < dim; d++)
                    y[h * dim + d] += Math.Exp(scores[p] - max) / sum * v[(p * kvHeads + kvHead) * dim + d];
        }
        return y;
    }
}
