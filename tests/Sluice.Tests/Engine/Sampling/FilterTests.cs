using Sluice.Engine.Sampling;

namespace Sluice.Tests.Engine.Sampling;

/// <summary>
/// Chains of filters against the naive definition, on logits with ties and forbidden tokens, from a handful to a whole vocabulary.
/// </summary>
public sealed class FilterTests
{
    public static TheoryData<string> Chains => [.. Options.Keys];

    private static readonly Dictionary<string, SamplingOptions> Options = new()
    {
        ["nothing"] = new(),
        ["temperature"] = new() { Temperature = 0.3f },
        ["almost greedy"] = new() { Temperature = 1e-38f },
        ["dynamic"] = new() { TemperatureRange = 0.7f, TemperatureExponent = 1.5f },
        ["sigma"] = new() { TopNSigma = 1.5f },
        ["top-k 1"] = new() { TopK = 1, Temperature = 2 },
        ["top-k 40"] = new() { TopK = 40 },
        ["top-k 4000"] = new() { TopK = 4000 },
        ["typical"] = new() { TypicalP = 0.7f },
        ["typical, at least 5"] = new() { TypicalP = 0.01f, MinKeep = 5 },
        ["top-p"] = new() { TopP = 0.9f },
        ["top-p 0"] = new() { TopP = 0 },
        ["top-p, at least 7"] = new() { TopP = 0.01f, MinKeep = 7 },
        ["top-p 0.9999, hot"] = new() { TopP = 0.9999f, Temperature = 3 },
        ["min-p"] = new() { MinP = 0.02f },
        ["min-p, at least 9"] = new() { MinP = 0.99f, MinKeep = 9 },
        ["xtc"] = new() { XtcProbability = 1, XtcThreshold = 0.02f },
        ["xtc 0"] = new() { XtcProbability = 1, XtcThreshold = 0 },
        ["many"] = new()
        {
            Temperature = 1.3f, TopNSigma = 3, TopK = 60, TypicalP = 0.95f, TopP = 0.9f, MinP = 0.01f, XtcProbability = 1,
            XtcThreshold = 0.05f,
        },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void Apply_RandomLogits_LeavesTheNaiveDistribution(string chain)
    {
        var random = new Random(chain.Length);
        foreach (int vocabulary in new[] { 1, 2, 15, 16, 17, 500, 5_000, 40_000 })
        {
            foreach (float width in new[] { 0.05f, 1, 4 })
            {
                float[] logits = RandomLogits(random, vocabulary, width);
                AssertNear(NaiveSampling.Distribution(logits, Options[chain]), logits, Options[chain]);
            }
        }
    }

    /// <summary>Few values, so that every cut goes through a tie: the lowest ids stay.</summary>
    [Theory]
    [MemberData(nameof(Chains))]
    public void Apply_ManyTies_LeavesTheNaiveDistribution(string chain)
    {
        var random = new Random(3);
        foreach (int values in new[] { 1, 2, 7 })
        {
            float[] logits = [.. Enumerable.Range(0, 3000).Select(_ => (float)random.Next(values))];
            AssertNear(NaiveSampling.Distribution(logits, Options[chain]), logits, Options[chain]);
        }
    }

    /// <summary>Values as far apart as floats go, which no equal division of their range separates at once.</summary>
    [Fact]
    public void Apply_HugeRange_StillFindsTheCut()
    {
        float[] logits = [.. Enumerable.Range(0, 2000).Select(i => i % 2 == 0 ? -MathF.Pow(10, i % 38) : i * 1e-6f), 3e38f, float.MinValue];
        foreach (int k in new[] { 1, 2, 3, 999, 1001, 1999, 2001 })
        {
            var candidates = Run(logits, new() { TopK = k });
            int[] expected = [.. Enumerable.Range(0, logits.Length).OrderByDescending(i => logits[i]).ThenBy(i => i).Take(k).Order()];
            Assert.Equal(expected, Enumerable.Range(0, candidates.Count).Select(candidates.IdAt));
        }
    }

    private static void AssertNear(double[] expected, float[] logits, SamplingOptions options)
    {
        var candidates = Run(logits, options);
        double total = candidates.Weigh();
        var actual = new double[logits.Length];
        for (int i = 0; i < candidates.Count; i++)
            actual[candidates.IdAt(i)] = candidates.Weights[i] / total;
        // A token on the very edge may fall to the other side by rounding, so the distance is that of the distributions, not of each token.
        double distance = expected.Zip(actual).Sum(p => Math.Abs(p.First - p.Second));
        double edge = expected.Where(p => p > 0).Min();
        Assert.True(distance < 2e-5 + 2.5 * Math.Min(edge, 1e-3),
            $"{logits.Length} tokens: {distance:E2}, the least likely one left has {edge:E2}");
    }

    private static Candidates Run(float[] logits, SamplingOptions options)
    {
        var candidates = new Candidates(logits.Length);
        logits.CopyTo(candidates.Row);
        Assert.True(candidates.TryBegin());
        foreach (var filter in SamplerRegistry.Filters(options))
            filter.Apply(candidates, new DrawContext([], 0, 1, new TokenScratch(logits.Length)));
        return candidates;
    }

    private static float[] RandomLogits(Random random, int count, float width)
    {
        float[] logits = [.. Enumerable.Range(0, count).Select(_ => width * (float)Normal(random))];
        for (int i = 0; i < count / 10; i++)
            logits[random.Next(count)] = float.NegativeInfinity;
        logits[random.Next(count)] = width * 4;
        return logits;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
