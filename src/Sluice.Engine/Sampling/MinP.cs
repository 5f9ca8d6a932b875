namespace Sluice.Engine.Sampling;

/// <summary>Keeps tokens at least this likely relative to the most likely one (Nguyen et al. 2024).</summary>
internal sealed class MinP(float p, int minKeep) : ICandidateFilter
{
    private readonly float _exponent = MathF.Log(Math.Min(p, 1)); // the most likely always stays

    public void Apply(Candidates candidates, in DrawContext draw)
    {
        var cut = new Cut(candidates.Max + candidates.Temperature * _exponent, int.MaxValue);
        if (minKeep > 1)
            cut = cut.OrLater(candidates.First(minKeep));
        candidates.Keep(candidates.Logits, cut);
    }
}
