namespace Sluice.Engine.Sampling;

/// <summary>Divides logits; 0 leaves only the most likely token.</summary>
internal sealed class Temperature(float divisor) : ICandidateFilter
{
    // What is less leaves the most likely token as well, and its reciprocal would not be finite.
    private const float Least = 1e-30f;

    public void Apply(Candidates candidates, in DrawContext draw) => Divide(candidates, divisor);

    public static void Divide(Candidates candidates, float divisor)
    {
        if (divisor <= 0)
            candidates.KeepBest(1);
        else
            candidates.Temperature *= Math.Max(divisor, Least);
    }
}
