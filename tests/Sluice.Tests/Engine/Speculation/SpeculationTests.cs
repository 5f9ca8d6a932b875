using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine.Speculation;

/// <summary>
/// Whatever is proposed, the answer is the one without; and what was refused leaves nothing behind. The clock stands still, so that drafts
/// look cheap however busy the machine is.
/// </summary>
public sealed class SpeculationTests
{
    private static readonly int[] Prompt = [3, 1, 4, 1, 5, 9, 2, 6];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generate_PredictionIsTheAnswer_ComesInFewSteps()
    {
        using var toy = new ToyEngine(Options(), new HandClock());
        int steps = 0;
        toy.Model.OnStep = _ => steps++;
        int[] answer = ToyModel.Generate(Prompt, 200);
        var generation = Submit(toy, toy.Request(Prompt, 200) with { Prediction = answer });
        Assert.Equal(answer, (await ToyEngine.ReadAsync(generation, Cancellation)).Tokens);
        Assert.Equal(200 - steps, generation.AcceptedTokens); // each step draws one token beside those that came true
        Assert.True(steps < 100, $"{steps} steps for 200 tokens");
        await toy.IdleAsync(Cancellation);
        Assert.Equal(generation.AcceptedTokens, toy.Engine.Load.Drafts.Accepted);
        Assert.Equal(generation.ProposedTokens, toy.Engine.Load.Drafts.Proposed);
    }

    [Fact]
    public async Task Generate_PredictionIsWrongHereAndThere_GivesTheAnswer()
    {
        using var toy = new ToyEngine(Options(), new HandClock());
        int[] answer = ToyModel.Generate(Prompt, 200);
        int[] prediction = [.. answer.Select((token, i) => i % 7 == 3 ? (token + 1) % 90 : token)];
        var generation = Submit(toy, toy.Request(Prompt, 200) with { Prediction = prediction });
        Assert.Equal(answer, (await ToyEngine.ReadAsync(generation, Cancellation)).Tokens);
        Assert.InRange(generation.AcceptedTokens, 1, generation.ProposedTokens - 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    public async Task Generate_LimitWithinADraft_EndsThere(int count)
    {
        using var toy = new ToyEngine(Options(), new HandClock());
        int[] answer = ToyModel.Generate(Prompt, 100);
        var (tokens, end) = await ToyEngine.ReadAsync(Submit(toy, toy.Request(Prompt, count) with { Prediction = answer }), Cancellation);
        Assert.Equal(answer[..count], tokens);
        Assert.Equal(FinishReason.Length, end.Finish);
    }

    [Fact]
    public async Task Generate_StopTokenWithinADraft_EndsThere()
    {
        using var toy = new ToyEngine(Options(), new HandClock());
        int[] answer = ToyModel.Generate(Prompt, 100);
        int stop = answer[50], at = Array.IndexOf(answer, stop);
        var request = toy.Request(Prompt, 100) with { Prediction = answer, StopTokens = new HashSet<int> { stop } };
        var (tokens, end) = await ToyEngine.ReadAsync(Submit(toy, request), Cancellation);
        Assert.Equal(answer[..(at + 1)], tokens);
        Assert.Equal(FinishReason.Stop, end.Finish);
        await toy.IdleAsync(Cancellation);
        Assert.Equal(toy.Engine.Load.Blocks, toy.Engine.Load.FreeBlocks);
    }

    [Fact]
    public async Task Generate_Logprobs_AreThoseOfEachTokensOwnPlace()
    {
        using var toy = new ToyEngine(Options(), new HandClock());
        var plain = await ScoresAsync(toy, toy.Request(Prompt, 60) with { Logprobs = 3 });
        var drafted = await ScoresAsync(toy, toy.Request(Prompt, 60) with { Logprobs = 3, Prediction = ToyModel.Generate(Prompt, 60) });
        Assert.Equal(plain, drafted);
    }

    [Fact]
    public async Task Generate_RefusedTokens_AreNeverFoundInThePrefixCache()
    {
        using var toy = new ToyEngine(Options(), new HandClock());
        int[] answer = ToyModel.Generate(Prompt, 64);
        int[] prediction = [.. answer.Select((token, i) => i % 5 == 4 ? (token + 1) % 90 : token)];
        await ToyEngine.ReadAsync(Submit(toy, toy.Request(Prompt, 64) with { Prediction = prediction }), Cancellation);
        int[] followUp = [.. Prompt, .. answer, 7], strangers = [.. Prompt, .. prediction, 7];
        Assert.InRange(toy.Engine.CachedTokens(toy.Request(followUp, 1).Prompt), 56, 72);
        Assert.Equal(8 + 4, toy.Engine.CachedTokens(toy.Request(strangers, 1).Prompt)); // the prompt, and the answer up to the first refused
        foreach (int[] prompt in new[] { followUp, strangers })
            Assert.Equal(ToyModel.Generate(prompt, 20), (await ToyEngine.ReadAsync(toy.Submit(prompt, 20), Cancellation)).Tokens);
    }

    [Fact]
    public async Task Generate_DraftModelThatKnows_ComesInFewSteps()
    {
        using var toy = new ToyEngine(Options(), new ToyModel(), new HandClock());
        int steps = 0;
        toy.Model.OnStep = _ => steps++;
        var generations = Enumerable.Range(0, 4).Select(i => toy.Submit([.. Prompt, i], 150)).ToList();
        for (int i = 0; i < generations.Count; i++)
            Assert.Equal(ToyModel.Generate([.. Prompt, i], 150), (await ToyEngine.ReadAsync(generations[i], Cancellation)).Tokens);
        Assert.True(generations.Sum(g => g.AcceptedTokens) > 50, $"{generations.Sum(g => g.AcceptedTokens)} proposals accepted");
        await toy.IdleAsync(Cancellation);
        Assert.Equal(generations.Sum(g => g.ProposedTokens), toy.Engine.Load.Drafts.Proposed);
    }

    [Fact]
    public async Task Generate_DraftModelFails_CostsNoAnswer()
    {
        var draft = new ToyModel { OnStep = _ => throw new InvalidOperationException("broken on purpose") };
        using var toy = new ToyEngine(Options(), draft);
        Assert.Equal(ToyModel.Generate(Prompt, 50), (await ToyEngine.ReadAsync(toy.Submit(Prompt, 50), Cancellation)).Tokens);
        Assert.True(toy.Engine.Load.Drafts.Failed);
    }

    [Fact]
    public void Open_DraftOfUnknownKind_NamesThoseThereAre()
    {
        var fault = Assert.Throws<Sluice.Core.Errors.SluiceException>(() => new ToyEngine(Options() with { Draft = "crystal" }));
        Assert.Equal("no drafts by 'crystal': there are ngram, model", fault.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2, 0, 17)]
    [InlineData(3, 24, 9)]
    public async Task RandomTraffic_TightMemory_DraftsGoodAndBad_EveryAnswerIsItsOwn(int seed, params int[] windows)
    {
        var random = new Random(seed);
        // The draft model sees another window, so it is mostly wrong; predictions are half right.
        using var toy = new ToyEngine(
            ToyEngine.Options(blocks: windows.Length > 1 ? 32 : 24, context: 120, sequences: 6, stepTokens: 20), new ToyModel(windows: [6]),
            new HandClock(), windows);
        int step = 0;
        toy.Model.OnStep = _ =>
        {
            if (++step % 97 == 0)
                throw new InvalidOperationException("fault injected");
        };
        var seen = windows.Select(w => w > 0 ? new Sluice.Core.Steps.KvRetention(0, w) : default).ToArray();
        int[] shared = [.. Enumerable.Range(0, 60).Select(_ => random.Next(90))];
        var reads = new List<(Generation Generation, int[] Expected)>();
        for (int i = 0; i < 300; i++)
        {
            int[] prompt = [.. shared.Take(random.Next(60)), .. Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(90))];
            int[] expected = ToyModel.Generate(prompt, Math.Min(random.Next(1, 40), 120 - prompt.Length), seen);
            int[] prediction = random.Next(3) == 0
                ? [.. expected.Select(token => random.Next(8) == 0 ? random.Next(96) : token)] : [];
            reads.Add((Submit(toy, toy.Request(prompt, expected.Length) with { Prediction = prediction }), expected));
        }
        int failed = 0;
        foreach (var (generation, expected) in reads)
        {
            var (tokens, end) = await ToyEngine.ReadAsync(generation, Cancellation);
            failed += end.Finish == FinishReason.Failed ? 1 : 0;
            Assert.Equal(end.Finish == FinishReason.Failed ? expected[..tokens.Length] : expected, tokens);
        }
        Assert.InRange(failed, 0, 60);
        await toy.IdleAsync(Cancellation);
        Assert.Equal(toy.Engine.Load.Blocks, toy.Engine.Load.FreeBlocks);
        Assert.True(toy.Engine.Load.Preemptions > 0, "memory was meant to be tight");
        Assert.InRange(toy.Engine.Load.Drafts.Accepted, 100, toy.Engine.Load.Drafts.Proposed - 100);
    }

    private static EngineOptions Options() => ToyEngine.Options(blocks: 256, context: 300, stepTokens: 64);

    private static Generation Submit(ToyEngine toy, GenerationRequest request)
    {
        Assert.Equal(SubmitOutcome.Accepted, toy.Engine.TrySubmit(request, out var generation));
        return generation!;
    }

    private static async Task<List<(int Token, float Own, TokenScore Best)>> ScoresAsync(ToyEngine toy, GenerationRequest request)
    {
        var scores = new List<(int, float, TokenScore)>();
        await foreach (var e in Submit(toy, request).ReadAllAsync(Cancellation))
        {
            if (e.Scores is { } s)
                scores.Add((e.Token, s.Token.Logprob, s.Best[0]));
        }
        Assert.Equal(60, scores.Count);
        return scores;
    }
}
