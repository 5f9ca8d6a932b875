namespace Sluice.Engine.Sampling;

/// <summary>
/// A temperature that follows the entropy (kalomaze 2024, llama.cpp's dynatemp): from <paramref name="least"/> where one token is certain
/// to
/// <paramref name="most"/> where all are equally likely, by the share of the largest entropy to the power of <paramref name="exponent"/>.
/// </summary>
internal sealed class DynamicTemperature(float least, float most, float exponent) : ICandidateFilter
{
    public void Apply(Candidates candidates, in DrawContext draw)
    {
        if (candidates.Count <= 1)
            return;
        double total = candidates.Weigh();
        double entropy = Math.Log(total) + candidates.MeanExponent(total);
        double share = Math.Clamp(entropy / Math.Log(candidates.Count), 0, 1);
        Temperature.Divide(candidates, (float)(least + (most - least) * Math.Pow(share, exponent)));
    }
}
