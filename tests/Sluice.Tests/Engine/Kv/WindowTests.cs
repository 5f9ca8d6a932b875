using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Engine.Requests;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine.Kv;

/// <summary>Sequences that keep a part of their past only: by the model's design, or as the request says.</summary>
public sealed class WindowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int[] Prompt(int length, int seed = 1) => [.. Enumerable.Range(0, length).Select(i => (i * 7 + seed) % 90)];

    [Theory]
    [InlineData(0, 20)]
    [InlineData(1, 20)]
    [InlineData(8, 0)]
    [InlineData(50, 3)]
    public async Task Submit_ModelWithWindows_GeneratesWhatAModelThatKeepsEverythingWould(int first, int second)
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 400, context: 300), windows: [first, second]);
        int[] prompt = Prompt(133);
        var (tokens, _) = await ToyEngine.ReadAsync(toy.Submit(prompt, 60), Cancellation);
        Assert.Equal(ToyModel.Generate(prompt, 60, new KvRetention(0, first), new KvRetention(0, second)), tokens);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 20)]
    [InlineData(30, 8)]
    public async Task Submit_RequestThatDiscards_GeneratesFromWhatItKeeps(int sinks, int window)
    {
        var keep = new KvRetention(sinks, window);
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 400, context: 300));
        int[] prompt = Prompt(133);
        var discarding = toy.Submit(prompt, 60, retention: keep);
        var keeping = toy.Submit(prompt, 60);
        Assert.Equal(ToyModel.Generate(prompt, 60, keep), (await ToyEngine.ReadAsync(discarding, Cancellation)).Tokens);
        Assert.Equal(ToyModel.Generate(prompt, 60), (await ToyEngine.ReadAsync(keeping, Cancellation)).Tokens);
    }

    [Fact]
    public async Task Submit_RequestThatDiscards_NeverHoldsMoreThanItKeepsAndOneStep()
    {
        var keep = new KvRetention(4, 20);
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 300, context: 2000, sequences: 1, stepTokens: 16));
        int most = 0;
        toy.Model.OnStep = _ => most = Math.Max(most, toy.Engine.Load.Kv.UsedBlocks);
        await ToyEngine.ReadAsync(toy.Submit(Prompt(1500), 400, retention: keep), Cancellation);
        Assert.Equal(6, most); // 1 of sinks; a step of 16 after 19 earlier positions lies in 5
        Assert.Equal(7, keep.MostBlocks(1900, 16, 8)); // or in 6, where it does not begin with a block
    }

    [Fact]
    public async Task Submit_ContextBeyondAllBlocks_RunsWhereItDiscardsAndIsRefusedWhereItKeeps()
    {
        var keep = new KvRetention(4, 20);
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 10, context: 2000, sequences: 1, stepTokens: 16) with { Retention = keep });
        Assert.True(toy.Engine.Load.Blocks <= 10);
        int[] prompt = Prompt(1000);
        Assert.Equal(ToyModel.Generate(prompt, 100, keep), (await ToyEngine.ReadAsync(toy.Submit(prompt, 100), Cancellation)).Tokens);
        Assert.Equal(SubmitOutcome.DoesNotFit, toy.Engine.TrySubmit(toy.Request(prompt, 100, retention: default(KvRetention)), out _));
    }

    [Fact]
    public async Task Prefix_OfAnotherRetention_IsNotShared()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 400, context: 300));
        int[] prompt = Prompt(100);
        await ToyEngine.ReadAsync(toy.Submit(prompt, 3), Cancellation);
        var discarding = toy.Submit(prompt, 3, retention: new KvRetention(0, 20));
        await ToyEngine.ReadAsync(discarding, Cancellation);
        Assert.Equal(0, discarding.CachedTokens);
        var again = toy.Submit(prompt, 3, retention: new KvRetention(0, 20));
        await ToyEngine.ReadAsync(again, Cancellation);
        Assert.Equal(prompt.Length - 1, again.CachedTokens);
    }

    [Fact]
    public async Task Prefix_WhoseEarlierBlocksAreGone_IsUsedWhereTheWindowIsThere()
    {
        // 13 blocks hold the last of a long sequence, never all of it.
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 13, context: 1000, sequences: 1, stepTokens: 16), windows: [40]);
        Assert.True(toy.Engine.Load.Blocks <= 13);
        int[] prompt = Prompt(640);
        int[] answer = (await ToyEngine.ReadAsync(toy.Submit(prompt, 10), Cancellation)).Tokens;
        int[] secondTurn = [.. prompt, .. answer, 1, 2, 3];
        var second = toy.Submit(secondTurn, 10);
        Assert.Equal(ToyModel.Generate(secondTurn, 10, new KvRetention(0, 40)), (await ToyEngine.ReadAsync(second, Cancellation)).Tokens);
        Assert.Equal(prompt.Length + answer.Length - 1, second.CachedTokens); // the answer's last token was never computed
        var early = toy.Submit(prompt[..300], 10); // a prefix of it, but its window was given up long ago
        Assert.Equal(ToyModel.Generate(prompt[..300], 10, new KvRetention(0, 40)), (await ToyEngine.ReadAsync(early, Cancellation)).Tokens);
        Assert.Equal(0, early.CachedTokens);
    }

    [Fact]
    public async Task Prefix_OfAPreemptedSequence_IncludesItsAnswer()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 12, context: 90, sequences: 2, stepTokens: 16));
        int rows = 0;
        using var bothSubmitted = new ManualResetEventSlim();
        toy.Model.OnStep = batch =>
        {
            bothSubmitted.Wait(Cancellation);
            rows += batch.Rows;
        };
        int[] one = Prompt(20), two = Prompt(20, seed: 5);
        var older = toy.Submit(one, 40);
        var younger = toy.Submit(two, 40);
        bothSubmitted.Set();
        Assert.Equal(ToyModel.Generate(one, 40), (await ToyEngine.ReadAsync(older, Cancellation)).Tokens);
        Assert.Equal(ToyModel.Generate(two, 40), (await ToyEngine.ReadAsync(younger, Cancellation)).Tokens);
        await toy.IdleAsync(Cancellation);
        Assert.True(toy.Engine.Load.Preemptions > 0);
        // Undisturbed it is 2 x 59. From the prompt's blocks alone, each preemption would cost at least 32 more.
        Assert.InRange(rows, 119, 118 + 24);
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(0, -5)]
    [InlineData(5, 0)]
    public void Prepare_RetentionThatSaysNothing_IsRefused(int sinks, int window)
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 13, context: 100));
        Assert.Throws<SluiceException>(() => toy.Request([1], 1, retention: new KvRetention(sinks, window)));
    }
}
