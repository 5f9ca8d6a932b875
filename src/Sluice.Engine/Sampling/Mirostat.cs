namespace Sluice.Engine.Sampling;

/// <summary>
/// Mirostat (Basu et al. 2021): steers the surprise of what is drawn to <paramref name="target"/> bits. Version 1 estimates the
/// distribution's Zipf exponent from the 100 most likely tokens and keeps the k that it implies (algorithm 1 of the paper); version 2 keeps
/// the tokens that surprise by less than the bound. It learns from each token drawn, so it belongs to one sequence.
/// </summary>
/// <param name="rate">How fast the bound follows.</param>
internal sealed class Mirostat(int version, float target, float rate) : ICandidateFilter
{
    private const int Estimated = 100;

    private readonly float[] _best = new float[Estimated];
    private double _bound = 2 * target;

    public void Apply(Candidates candidates, in DrawContext draw)
    {
        if (version == 1)
            KeepZipf(candidates);
        else
            KeepLessSurprising(candidates);
        candidates.HeaviestFirst = true;
    }

    /// <summary>Moves the bound after a draw.</summary>
    /// <param name="probability">Of the token drawn, among those that were left.</param>
    public void Learn(double probability) => _bound -= rate * (-Math.Log2(probability) - target);

    private void KeepLessSurprising(Candidates candidates)
    {
        double least = Math.Log(candidates.Weigh()) - _bound * Math.Log(2); // of the weight, which is 1 for the most likely
        candidates.KeepAtLeast(candidates.Max + candidates.Temperature * (float)Math.Min(0, least));
    }

    private void KeepZipf(Candidates candidates)
    {
        int count = candidates.CopyBest(_best);
        double products = 0, squares = 0;
        for (int i = 0; i + 1 < count; i++)
        {
            double t = Math.Log((i + 2.0) / (i + 1)), b = (_best[i] - _best[i + 1]) / candidates.Temperature;
            products += t * b;
            squares += t * t;
        }
        if (count < 2)
            return;
        double exponent = products / squares, excess = exponent - 1;
        double k = Math.Pow(excess * Math.Pow(2, _bound) / (1 - Math.Pow(candidates.Vocabulary, -excess)), 1 / exponent);
        candidates.KeepBest(double.IsNaN(k) ? 1 : (int)Math.Clamp(k, 1, candidates.Vocabulary));
    }
}
