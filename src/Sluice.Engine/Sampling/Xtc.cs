namespace Sluice.Engine.Sampling;

/// <summary>
/// XTC ("exclude top choices", p-e-w 2024, text-generation-webui pull request 6335): by chance, where several tokens reach a probability,
/// only the least likely of them stays, with all below it.
/// </summary>
/// <param name="probability">Of doing so at a draw.</param>
internal sealed class Xtc(float probability, float threshold, int minKeep) : ICandidateFilter
{
    public void Apply(Candidates candidates, in DrawContext draw)
    {
        if (threshold > 0.5f || candidates.Count < 2 || draw.OtherUniform >= probability)
            return;
        int reaching = candidates.CountHeavier(threshold * candidates.Weigh(), out float least);
        if (reaching > 1 && candidates.Count - reaching + 1 >= minKeep)
            candidates.ForbidAbove(least);
    }
}
