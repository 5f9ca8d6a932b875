namespace Sluice.Engine.Sampling;

/// <summary>Keeps tokens whose logit is within n standard deviations of the largest (Tang et al. 2024).</summary>
internal sealed class TopNSigma(float n) : ICandidateFilter
{
    public void Apply(Candidates candidates, in DrawContext draw)
    {
        if (candidates.Count <= 1)
            return;
        var (count, sum) = LogitVectors.Moment(candidates.Logits, centre: 0, squared: false);
        double squares = LogitVectors.Moment(candidates.Logits, (float)(sum / count), squared: true).Sum;
        candidates.KeepAtLeast(candidates.Max - n * (float)Math.Sqrt(squares / count));
    }
}
