using Sluice.Engine.Sampling;

namespace Sluice.Tests.Engine.Sampling;

public sealed class SamplerTests
{
    private const int Vocabulary = 500;

    [Fact]
    public void Sample_TemperatureZero_TakesTheFirstLargest()
    {
        float[] logits = [1, 5, 3, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4];
        Assert.Equal(1, Draw(logits, SamplingOptions.Greedy, 0));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Sample_NotFinite_SaysSo(float bad)
    {
        for (int at = 0; at < 33; at++)
        {
            var logits = new float[33];
            logits[at] = bad;
            Assert.Equal(Sampler.NotFinite, Draw(logits, SamplingOptions.Greedy, 0));
        }
    }

    [Theory]
    [InlineData(1f, 0, 1f, 0f)]
    [InlineData(0.7f, 0, 1f, 0f)]
    [InlineData(1f, 5, 1f, 0f)]
    [InlineData(1f, 0, 0.5f, 0f)]
    [InlineData(1.5f, 40, 0.9f, 0f)]
    [InlineData(1f, 0, 1f, 0.1f)]
    [InlineData(0.8f, 50, 0.95f, 0.02f)]
    [InlineData(5f, 0, 0.999f, 0f)]
    public void Sample_Filters_FollowTheNaiveDistribution(float temperature, int topK, float topP, float minP)
    {
        var options = new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP, Seed = 7 };
        float[] logits = RandomLogits(3);
        double[] expected = NaiveSampling.Distribution(logits, options);
        var sampler = new Sampler(Vocabulary);
        var state = State(options);
        const int Draws = 40_000;
        var counts = new int[Vocabulary];
        var tokens = new int[Draws];
        for (int i = 0; i < Draws; i++)
        {
            logits.CopyTo(sampler.Row);
            counts[sampler.Sample(state, tokens.AsSpan(0, i), 0)]++;
        }
        double chiSquare = 0;
        int cells = 0;
        for (int t = 0; t < Vocabulary; t++)
        {
            if (expected[t] == 0)
                Assert.Equal(0, counts[t]);
            if (expected[t] * Draws < 5)
                continue;
            cells++;
            chiSquare += Math.Pow(counts[t] - expected[t] * Draws, 2) / (expected[t] * Draws);
        }
        // The seed is fixed, so this holds or fails for good; six standard deviations of a chi-square leave no room for a wrong filter.
        Assert.True(chiSquare < cells + 6 * Math.Sqrt(2 * cells) + 6, $"chi-square {chiSquare:F1} over {cells} cells");
    }

    [Fact]
    public void Sample_SameSeed_SameDrawsInAnyOrder()
    {
        var options = new SamplingOptions { Seed = 42 };
        float[] logits = RandomLogits(9);
        var forward = Enumerable.Range(0, 50).Select(i => Draw(logits, options, i)).ToList();
        var backward = Enumerable.Range(0, 50).Reverse().Select(i => Draw(logits, options, i)).Reverse();
        Assert.Equal(forward, backward);
        var other = Enumerable.Range(0, 50).Select(i => Draw(logits, new() { Seed = 43 }, i));
        Assert.NotEqual(forward, other);
    }

    /// <summary>Which token a random number means is a promise: texts made with a seed stay what they were.</summary>
    [Theory]
    [InlineData(0, 1f)] // by id
    [InlineData(20, 1f)] // the most likely first
    [InlineData(0, 0.9f)]
    public void Sample_GivenNumber_TakesTheTokenWhereTheMassReachesIt(int topK, float topP)
    {
        var options = new SamplingOptions { TopK = topK, TopP = topP, Seed = 11 };
        float[] logits = RandomLogits(21);
        double[] p = NaiveSampling.Distribution(logits, options);
        int[] order = [.. Enumerable.Range(0, Vocabulary).Where(t => p[t] > 0)];
        if (topK > 0 || topP < 1)
            order = [.. order.OrderByDescending(t => logits[t])];
        for (int n = 0; n < 200; n++)
        {
            double uniform = new DrawContext(new int[n], 0, 11, new TokenScratch(1)).Uniform, sum = 0;
            int expected = order.First(t => (sum += p[t]) > uniform);
            Assert.Equal(expected, Draw(logits, options, n));
        }
    }

    [Fact]
    public void Sample_Warm_AllocatesNothing()
    {
        var options = new SamplingOptions
        {
            RepetitionPenalty = 1.1f, FrequencyPenalty = 0.1f, DryMultiplier = 0.8f, MinTokens = 3, LogitBias = [new(3, 1)],
            TemperatureRange = 0.5f,
            TopNSigma = 3, TopK = 200, TypicalP = 0.99f, TopP = 0.95f, MinP = 0.001f, XtcProbability = 0.5f, Seed = 1,
        };
        foreach (var o in new[] { options, options with { Mirostat = 1 }, options with { Mirostat = 2 } })
        {
            var sampler = new Sampler(Vocabulary);
            var state = State(o);
            float[] logits = RandomLogits(1);
            int[] tokens = [.. Enumerable.Range(0, 300).Select(i => i % 7)];
            for (int n = 100; n < 110; n++)
                Once(n);
            Once(300);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int n = 100; n < 300; n++)
                Once(n);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

            void Once(int length)
            {
                logits.CopyTo(sampler.Row);
                sampler.Sample(state, tokens.AsSpan(0, length), 5);
            }
        }
    }

    private static int Draw(float[] logits, SamplingOptions options, int length)
    {
        var sampler = new Sampler(logits.Length);
        logits.CopyTo(sampler.Row);
        return sampler.Sample(State(options), new int[length], 0);
    }

    private static SamplerState State(SamplingOptions options) => new(options, new HashSet<int>(), 1);

    private static float[] RandomLogits(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Vocabulary).Select(_ => (float)(random.NextDouble() * 12 - 6))];
    }
}
