using Sluice.Engine.Sampling;

namespace Sluice.Tests.Engine.Sampling;

public sealed class LogprobReaderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(600)]
    public void LogprobsOf_AnyToken_AreTheRawOnesWhateverTheSamplerDoes(int best)
    {
        const int Vocabulary = 500;
        var random = new Random(best);
        float[] logits = [.. Enumerable.Range(0, Vocabulary).Select(_ => (float)(random.NextDouble() * 20 - 10))];
        logits[7] = float.NegativeInfinity;
        logits[9] = logits[8];
        double total = Math.Log(logits.Sum(l => Math.Exp(l)));
        var sampler = new Sampler(Vocabulary);
        logits.CopyTo(sampler.Row);
        sampler.ReadLogprobs(best);
        var options = new SamplingOptions { Temperature = 0.1f, TopK = 3, LogitBias = [new(5, 100)] };
        int token = sampler.Sample(new SamplerState(options, new HashSet<int>(), 1), [], 0);
        var scores = sampler.LogprobsOf(token);

        Assert.Equal(5, token);
        Assert.Equal(logits[5] - total, scores.Token.Logprob, 1e-4);
        int[] expected =
            [.. Enumerable.Range(0, Vocabulary).Where(t => t != 7).OrderByDescending(t => logits[t]).ThenBy(t => t).Take(best)];
        Assert.Equal(expected, scores.Best.Select(s => s.Token));
        Assert.All(scores.Best, s => Assert.Equal(logits[s.Token] - total, s.Logprob, 1e-4));
    }
}
