using Sluice.Engine.Sampling;

namespace Sluice.Tests.Engine.Sampling;

public sealed class MirostatTests
{
    private const int Vocabulary = 2000;

    // A Zipf distribution of exponent 1.1, as the paper assumes.
    private static readonly float[] Zipf = [.. Enumerable.Range(0, Vocabulary).Select(i => (float)(-1.1 * Math.Log(i + 1)))];

    [Theory]
    [InlineData(1, 4f)]
    [InlineData(2, 4f)]
    [InlineData(2, 2f)]
    public void Sample_ManyTokens_ComesToTheTargetSurprise(int version, float target)
    {
        var mirostat = new Mirostat(version, target, 0.1f);
        var candidates = new Candidates(Vocabulary);
        var random = new Random(5);
        double surprise = 0;
        const int Ignored = 500, Draws = 3000;
        for (int n = 0; n < Draws; n++)
        {
            Zipf.CopyTo(candidates.Row);
            Assert.True(candidates.TryBegin());
            mirostat.Apply(candidates, default);
            double probability = candidates.Draw(random.NextDouble()).Probability;
            mirostat.Learn(probability);
            surprise += n < Ignored ? 0 : -Math.Log2(probability);
        }
        Assert.InRange(surprise / (Draws - Ignored), target - 0.1, target + 0.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Sample_FirstToken_ComesFromWhatTheBoundAllows(int version)
    {
        const float Target = 3;
        double[] p = NaiveSampling.Distribution(Zipf, new());
        // Version 1: algorithm 1 of the paper with the exponent that the logits were made of; version 2: less
        // surprising than twice the target.
        int expected = version == 1
            ? (int)Math.Pow(0.1 * Math.Pow(2, 2 * Target) / (1 - Math.Pow(Vocabulary, -0.1)), 1 / 1.1)
            : p.Count(x => -Math.Log2(x) <= 2 * Target);
        var seen = new HashSet<int>();
        var sampler = new Sampler(Vocabulary);
        for (ulong seed = 0; seed < 3000; seed++)
        {
            Zipf.CopyTo(sampler.Row);
            seen.Add(sampler.Sample(
                new SamplerState(new() { Mirostat = version, MirostatTau = Target, Seed = seed }, new HashSet<int>(), 1), [], 0));
        }
        Assert.InRange(seen.Max() + 1, expected - 1, expected + 1);
    }
}
