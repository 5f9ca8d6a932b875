using Sluice.Engine.Sampling;

namespace Sluice.Tests.Engine;

public sealed class SamplerTests
{
    private const int Vocabulary = 500;

    [Fact]
    public void Sample_TemperatureZero_TakesTheFirstLargest()
    {
        float[] logits = [1, 5, 3, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4];
        Assert.Equal(1, new Sampler(logits.Length).Sample(logits, State(SamplingOptions.Greedy), 0));
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
            Assert.Equal(Sampler.NotFinite, new Sampler(33).Sample(logits, State(SamplingOptions.Greedy), 0));
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
        double[] expected = NaiveDistribution(logits, options);
        var sampler = new Sampler(Vocabulary);
        var state = State(options);
        const int Draws = 40_000;
        var counts = new int[Vocabulary];
        for (int i = 0; i < Draws; i++)
            counts[sampler.Sample(logits.ToArray(), state, i)]++;
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
        var forward = Enumerable.Range(0, 50).Select(i => new Sampler(Vocabulary).Sample(logits.ToArray(), State(options), i)).ToList();
        var backward = Enumerable.Range(0, 50).Reverse().Select(i => new Sampler(Vocabulary).Sample(logits.ToArray(), State(options), i)).Reverse();
        Assert.Equal(forward, backward);
        var other = Enumerable.Range(0, 50).Select(i => new Sampler(Vocabulary).Sample(logits.ToArray(), State(new() { Seed = 43 }), i));
        Assert.NotEqual(forward, other);
    }

    [Fact]
    public void Penalise_CountsAndPresence_SubtractAsDefined()
    {
        var state = new SamplerState(new() { FrequencyPenalty = 0.5f, PresencePenalty = 0.25f }, [0], 1);
        state.Accept(1);
        state.Accept(1);
        state.Accept(2);
        float[] logits = [1, 1, 1, 1];
        state.Penalise(logits);
        Assert.Equal([1f, 1 - 1.25f, 1 - 0.75f, 1f], logits); // the prompt's own token is not counted
    }

    [Fact]
    public void Penalise_Repetition_CoversPromptAndAnswer()
    {
        var state = new SamplerState(new() { RepetitionPenalty = 2 }, [0], 1);
        state.Accept(1);
        float[] logits = [4, -4, 4];
        state.Penalise(logits);
        Assert.Equal([2f, -8f, 4f], logits);
    }

    private static SamplerState State(SamplingOptions options) => new(options, [], 1);

    private static float[] RandomLogits(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Vocabulary).Select(_ => (float)(random.NextDouble() * 12 - 6))];
    }

    /// <summary>The definition, in double precision and with a full sort.</summary>
    private static double[] NaiveDistribution(float[] logits, SamplingOptions o)
    {
        var ranked = Enumerable.Range(0, logits.Length).OrderByDescending(i => logits[i]).ThenBy(i => i).ToList();
        if (o.TopK > 0)
            ranked = [.. ranked.Take(o.TopK)];
        double max = logits[ranked[0]];
        var weights = ranked.ToDictionary(i => i, i => Math.Exp((logits[i] - max) / o.Temperature));
        double total = weights.Values.Sum(), sum = 0;
        var kept = new List<int>();
        foreach (int i in ranked)
        {
            if (sum >= o.TopP * total)
                break;
            kept.Add(i);
            sum += weights[i];
        }
        kept = [.. kept.Where(i => weights[i] >= o.MinP)];
        var distribution = new double[logits.Length];
        foreach (int i in kept)
            distribution[i] = weights[i] / kept.Sum(k => weights[k]);
        return distribution;
    }
}
