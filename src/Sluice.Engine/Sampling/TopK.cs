namespace Sluice.Engine.Sampling;

/// <summary>Keeps the k most likely tokens (Fan et al. 2018).</summary>
internal sealed class TopK(int k) : ICandidateFilter
{
    public void Apply(Candidates candidates, in DrawContext draw)
    {
        candidates.KeepBest(k);
        candidates.HeaviestFirst = true;
    }
}
