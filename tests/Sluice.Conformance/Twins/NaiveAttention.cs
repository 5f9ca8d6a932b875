namespace Sluice.Conformance.Twins;

/// <summary>Causal attention of one sequence as it is defined, in double precision.</summary>
internal static class NaiveAttention
{
    /// <param name="q">Queries of the last rows of the sequence, [row][head][dim].</param>
    /// <param name="k">Keys of all positions, [position][KV head][dim]; <paramref name="v"/> alike.</param>
    /// <returns>[row][head][dim].</returns>
    public static double[] Attend(float[] q, float[] k, float[] v, int heads, int kvHeads, int dim, double scale)
    {
        int rows = q.Length / (heads * dim);
        int positions = k.Length / (kvHeads * dim);
        var y = new double[q.Length];
        for (int r = 0; r < rows; r++)
        {
            int visible = positions - rows + r + 1;
            for (int h = 0; h < heads; h++)
            {
                int kvHead = h / (heads / kvHeads);
                var scores = new double[visible];
                for (int p = 0; p < visible; p++)
                    for (int d = 0; d < dim; d++)
                        scores[p] += scale * q[(r * heads + h) * dim + d] * k[(p * kvHeads + kvHead) * dim + d];
                double max = scores.Max();
                double sum = scores.Sum(s => Math.Exp(s - max));
                for (int p = 0; p < visible; p++)
                    for (int d = 0; d < dim; d++)
                        y[(r * heads + h) * dim + d] += Math.Exp(scores[p] - max) / sum * v[(p * kvHeads + kvHead) * dim + d];
            }
        }
        return y;
    }
}
