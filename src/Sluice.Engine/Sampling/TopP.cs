namespace Sluice.Engine.Sampling;

/// <summary>Keeps the most likely tokens that together reach a probability (Holtzman et al. 2020).</summary>
internal sealed class TopP(float p, int minKeep) : ICandidateFilter
{
    public void Apply(Candidates candidates, in DrawContext draw)
    {
        // "Reaches" includes equality, which the search does not.
        var cut = candidates.Heaviest(Math.BitDecrement(p * candidates.Weigh()));
        if (minKeep > 1)
            cut = cut.OrLater(candidates.First(minKeep));
        candidates.Keep(candidates.Logits, cut);
        candidates.HeaviestFirst = true;
    }
}
