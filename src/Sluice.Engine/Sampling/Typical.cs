namespace Sluice.Engine.Sampling;

/// <summary>
/// Keeps the tokens whose surprise is nearest to the entropy, until they together exceed a probability (Meister et al. 2022, locally
/// typical sampling).
/// </summary>
internal sealed class Typical(float p, int minKeep) : ICandidateFilter
{
    public void Apply(Candidates candidates, in DrawContext draw)
    {
        double total = candidates.Weigh();
        // Surprise is ln(total) + exponent and the entropy ln(total) + mean exponent, so the total cancels.
        var keys = candidates.NearestTo((float)candidates.MeanExponent(total), out float highest);
        var cut = candidates.Heaviest(keys, candidates.Weights, highest, p * total);
        if (minKeep > 1)
            cut = cut.OrLater(candidates.Heaviest(keys, [], highest, minKeep - 1));
        candidates.Keep(keys, cut);
    }
}
