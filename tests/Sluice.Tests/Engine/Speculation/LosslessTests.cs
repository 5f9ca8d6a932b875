using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Engine.Sampling;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine.Speculation;

/// <summary>
/// Drawn tokens follow the model's distribution with drafts as without, by a chi-square test against the chain's own probabilities, and are
/// the very same tokens.
/// </summary>
public sealed class LosslessTests
{
    private const int Vocabulary = 8, Requests = 100, Tokens = 1000;

    /// <summary>Of 56 degrees of freedom; beyond it once in a million (Wilson and Hilferty: 56 (1 - 2/504 + 4.753 √(2/504))³).</summary>
    private const double Bound = 122;

    [Theory]
    [InlineData("none")]
    [InlineData("model")]
    [InlineData("ngram")]
    public async Task Sample_HundredThousandDraws_FollowTheModelsDistribution(string draft)
    {
        float[][] model = Table(seed: 1);
        var counts = new long[Vocabulary, Vocabulary];
        var (answers, drafts) = await GenerateAsync(model, draft);
        foreach (int[] answer in answers)
        {
            int before = 0;
            foreach (int token in answer)
            {
                counts[before, token]++;
                before = token;
            }
        }
        Assert.Equal(Requests * Tokens, answers.Sum(answer => answer.Length));
        if (draft != "none")
            Assert.InRange(drafts.Accepted, 2000, drafts.Proposed - 2000); // both ways are taken often
        double statistic = ChiSquare(model, counts);
        Assert.True(statistic < Bound, $"chi-square is {statistic:F1}");
    }

    [Fact]
    public async Task Sample_SameSeeds_GivesTheSameTokensWithAndWithoutDrafts()
    {
        float[][] model = Table(seed: 1);
        var (plain, _) = await GenerateAsync(model, "none");
        foreach (string draft in new[] { "model", "ngram" })
            Assert.Equal(plain, (await GenerateAsync(model, draft)).Answers);
    }

    private static async Task<(List<int[]> Answers, Sluice.Engine.Speculation.DraftLoad Drafts)> GenerateAsync(float[][] table, string draft)
    {
        // The draft's table is the model's with some noise: right often, wrong often.
        float[][] noisy = [.. table.Zip(Table(seed: 2), (row, noise) => row.Zip(noise, (a, b) => a + 0.5f * b).ToArray())];
        var options = new EngineOptions
        {
            BlockTokens = 8, KvType = Sluice.Core.DType.F32, ContextTokens = Tokens + 1, MaxSequences = 8, MaxStepTokens = 256,
            MaxQueue = Requests, Draft = draft == "none" ? null : draft, DraftTokens = 4,
        };
        using var engine = new LlmEngine(
            "chain", new ChainModel(table), new ToyBackend(), new ToyDevice(), options, new HandClock(), new ChainModel(noisy));
        var generations = new List<Generation>();
        for (int i = 0; i < Requests; i++)
        {
            var request = new GenerationRequest
            {
                Prompt = engine.Prepare([new PromptSegment.Tokens(new[] { 0 })]), MaxTokens = Tokens,
                Sampling = new SamplingOptions { Temperature = 1, Seed = (ulong)i + 17 },
            };
            Assert.Equal(SubmitOutcome.Accepted, engine.TrySubmit(request, out var generation));
            generations.Add(generation!);
        }
        var answers = new List<int[]>();
        foreach (var generation in generations)
            answers.Add((await ToyEngine.ReadAsync(generation, TestContext.Current.CancellationToken)).Tokens);
        return (answers, engine.Load.Drafts);
    }

    private static float[][] Table(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Vocabulary).Select(_ => Enumerable.Range(0, Vocabulary).Select(_ => random.NextSingle() * 4).ToArray())];
    }

    private static double ChiSquare(float[][] logits, long[,] counts)
    {
        double statistic = 0;
        for (int before = 0; before < Vocabulary; before++)
        {
            double total = logits[before].Sum(l => Math.Exp(l));
            long times = Enumerable.Range(0, Vocabulary).Sum(token => counts[before, token]);
            for (int token = 0; token < Vocabulary; token++)
            {
                double expected = times * Math.Exp(logits[before][token]) / total;
                statistic += Math.Pow(counts[before, token] - expected, 2) / expected;
            }
        }
        return statistic;
    }
}
