using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Engine.Labels;
using Sluice.Engine.Requests;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine.Labels;

/// <summary>Scores of labels against sums over the toy model's known distribution: one logit is 1, all others 0.</summary>
public sealed class LabelScoringTests
{
    private static readonly HashSet<int> Ends = [90, 91];

    // Beginnings in common at several depths, labels that others begin with, and some alone.
    private static readonly int[][] Labels =
    [
        [1], [1, 2], [1, 2, 3], [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12], [1, 5], [6], [7, 8], [7, 8, 9], [7, 9], [10, 11, 12], [13], [14], [15],
        [16],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public async Task Score_AnyPromptLength_EqualsTheSumsOfEachLabelAlone(int sequences)
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 200, context: 64, sequences));
        foreach (int length in new[] { 1, 7, 8, 9, 15, 16, 17, 30 })
        {
            int[] prompt = [.. Enumerable.Range(0, length).Select(i => (i * 7 + length) % 80)];
            await CheckAsync(toy, prompt);
        }
        await toy.IdleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, toy.Engine.Load.Kv.UsedBlocks);
    }

    [Theory]
    [InlineData(1, 24)]
    [InlineData(1, 29)]
    [InlineData(16, 5)]
    [InlineData(16, 24)]
    [InlineData(16, 31)]
    public async Task Score_SharedPrefix_ComputesThePromptsOwnTokensAndEachOfTheLabelsOnce(int sequences, int prefix)
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 200, context: 64, sequences));
        int[] shared = [.. Enumerable.Range(20, prefix)];
        await CheckAsync(toy, [.. shared, 50, 51, 52, 53, 54]);
        await toy.IdleAsync(TestContext.Current.CancellationToken);
        long before = toy.Engine.Load.PromptTokens;
        int[] own = [60, 61, 62];
        await CheckAsync(toy, [.. shared, .. own]);
        await toy.IdleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(own.Length + NodesOf(Labels), toy.Engine.Load.PromptTokens - before);
    }

    [Fact]
    public async Task Score_ManyAtOnceWithALittleInCommon_ComputeThatOnce()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 400, context: 64, sequences: 64));
        int[] shared = [.. Enumerable.Range(20, 11)];
        toy.Model.OnStep = _ => Thread.Sleep(5); // so that all have come before the first is computed
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => CheckAsync(toy, [.. shared, .. Enumerable.Repeat(60 + i, 20)])));
        await toy.IdleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(shared.Length + 4 * (20 + NodesOf(Labels)), toy.Engine.Load.PromptTokens);
    }

    [Fact]
    public async Task Score_ManyAtOnceAndTooFewBlocks_EqualsTheSumsOfEachLabelAlone()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 12, context: 48, sequences: 6));
        var prompts = Enumerable.Range(0, 12).Select(p => Enumerable.Range(0, 10 + p).Select(i => (i * 5 + p) % 80).ToArray());
        await Task.WhenAll(prompts.Select(prompt => CheckAsync(toy, prompt)));
        await toy.IdleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, toy.Engine.Load.Kv.UsedBlocks);
        Assert.Equal(0, toy.Engine.Load.Waiting);
    }

    [Fact]
    public async Task Score_AfterAnAnswerThatWentTheSameWay_LeavesTheCacheAsItWas()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 200, context: 64, sequences: 1));
        int[] prompt = [1, 2, 3, 4, 5, 6];
        int[] answer = ToyModel.Generate(prompt, 20);
        async Task GenerateAsync()
        {
            using var generation = toy.Submit(prompt, 20);
            Assert.Equal(answer, (await ToyEngine.ReadAsync(generation, TestContext.Current.CancellationToken)).Tokens);
        }
        await GenerateAsync();
        await CheckAsync(toy, prompt, [answer[..15], [.. answer[..3], 1, 2, 3, 4, 5, 6, 7, 8], [3]]);
        await GenerateAsync();
        await CheckAsync(toy, prompt, [[3], answer[..15]]);
        await GenerateAsync();
    }

    [Theory]
    [InlineData(700)]
    [InlineData(768)] // blocks are chosen just where the labels begin
    public async Task Score_KeepingWhatHadMostAttention_IsTheSameInBranchesAndOneByOne(int length)
    {
        int[] prompt = [.. Enumerable.Range(0, length).Select(i => (i * 7 + i / 80) % 80)];
        int[][] labels = [.. Enumerable.Range(0, 90).Select(t => new[] { t }), .. Enumerable.Range(0, 90).Select(t => new[] { t, 1 })];
        var results = new List<IReadOnlyList<double>>();
        foreach (int sequences in new[] { 1, 16 })
        {
            using var toy = new ToyEngine(ToyEngine.Options(blocks: 400, context: 800, sequences));
            using var generation = Submit(toy, prompt, labels, new KvRetention(4, 40, 64));
            var (end, logprobs) = await generation.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal(FinishReason.Scored, end.Finish);
            results.Add([.. logprobs]);
            await toy.IdleAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, toy.Engine.Load.Kv.UsedBlocks);
        }
        Assert.Equal(results[0], results[1]);
        Assert.NotEqual(labels.Select(label => Expected(prompt, label)), results[0]);
    }

    [Fact]
    public async Task Score_WhileItsReaderLeaves_FreesEverything()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 200, context: 64, sequences: 4));
        toy.Model.OnStep = _ => Thread.Sleep(1);
        for (int i = 0; i < 20; i++)
        {
            using var generation = Submit(toy, [1, 2, 3, i], Labels);
            await Task.Delay(i % 7, TestContext.Current.CancellationToken);
        }
        await toy.IdleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, toy.Engine.Load.Kv.UsedBlocks);
    }

    [Fact]
    public async Task Score_PoisonedLabel_FailsAlone()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 200, context: 64, sequences: 4));
        using var poisoned = Submit(toy, [1, 2, 3], [[4], [ToyModel.Poison], [5]]);
        var (end, logprobs) = await poisoned.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(FinishReason.Failed, end.Finish);
        Assert.Empty(logprobs);
        await CheckAsync(toy, [1, 2, 3]);
    }

    [Fact]
    public void Submit_LabelsThatAreNone_AreRefused()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 200, context: 64));
        var prompt = toy.Engine.Prepare([new PromptSegment.Tokens(new[] { 1 })]);
        SubmitOutcome Try(params int[][] labels) =>
            toy.Engine.TrySubmit(new LabelRequest { Prompt = prompt, Labels = labels, EndTokens = Ends }, out _);
        Assert.Contains("no labels", Assert.Throws<SluiceException>(() => Try()).Message, StringComparison.Ordinal);
        Assert.Contains("no tokens", Assert.Throws<SluiceException>(() => Try([1], [])).Message, StringComparison.Ordinal);
        Assert.Contains("outside", Assert.Throws<SluiceException>(() => Try([97])).Message, StringComparison.Ordinal);
        Assert.Equal(SubmitOutcome.DoesNotFit, Try([.. Enumerable.Repeat(1, 64)]));
    }

    private static Task CheckAsync(ToyEngine toy, int[] prompt) => CheckAsync(toy, prompt, Labels);

    private static async Task CheckAsync(ToyEngine toy, int[] prompt, int[][] labels)
    {
        using var generation = Submit(toy, prompt, labels);
        var (end, logprobs) = await generation.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(FinishReason.Scored, end.Finish);
        Assert.Equal(NodesOf(labels), generation.LabelTokens);
        Assert.Equal(labels.Length, logprobs.Count);
        for (int i = 0; i < labels.Length; i++)
            Assert.Equal(Expected(prompt, labels[i]), logprobs[i], 1e-9);
    }

    private static LabelGeneration Submit(ToyEngine toy, int[] prompt, int[][] labels, KvRetention? keep = null)
    {
        var request = new LabelRequest
        {
            Prompt = toy.Engine.Prepare([new PromptSegment.Tokens(prompt)], retention: keep), Labels = labels, EndTokens = Ends,
        };
        Assert.Equal(SubmitOutcome.Accepted, toy.Engine.TrySubmit(request, out var generation));
        return generation!;
    }

    private static double Expected(int[] prompt, int[] label)
    {
        double sum = 0;
        for (int i = 0; i < label.Length; i++)
            sum += Math.Log(ProbabilityOf(label[i], [.. prompt, .. label[..i]]));
        return sum + Math.Log(Ends.Sum(end => ProbabilityOf(end, [.. prompt, .. label])));
    }

    private static double ProbabilityOf(int token, int[] context) =>
        Math.Exp(token == ToyModel.Next(context) ? 1 : 0) / (Math.E + ToyModel.Vocabulary - 1);

    private static int NodesOf(int[][] labels) =>
        labels.SelectMany(label => Enumerable.Range(1, label.Length).Select(n => string.Join(',', label[..n]))).Distinct().Count();
}
