using Sluice.Core.Steps;
using Sluice.Engine;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine.Kv;

/// <summary>Sequences that keep the blocks that attention fell on most.</summary>
public sealed class HeavyTests
{
    private const int BlockTokens = 8, Interval = 256;

    private static readonly KvRetention Keep = new(4, 40, 64);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4, 40, 64)]
    [InlineData(0, 8, 16)]
    [InlineData(20, 300, 8)]
    public async Task Submit_KeepingWhatHadMostAttention_GeneratesWhatThePlainRuleGives(int sinks, int window, int heavy)
    {
        var keep = new KvRetention(sinks, window, heavy);
        using var toy = new ToyEngine(Options());
        int[] prompt = Prompt(1300);
        int[] expected = Generate(prompt, 300, keep);
        Assert.NotEqual(ToyModel.Generate(prompt, 300, new KvRetention(sinks, window)), expected);
        Assert.Equal(expected, (await ToyEngine.ReadAsync(toy.Submit(prompt, 300, retention: keep), Cancellation)).Tokens);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(300)]
    public async Task Submit_InOtherChunks_ChoosesTheSameBlocks(int stepTokens)
    {
        using var toy = new ToyEngine(Options(stepTokens));
        int[] prompt = Prompt(1300);
        Assert.Equal(Generate(prompt, 300, Keep), (await ToyEngine.ReadAsync(toy.Submit(prompt, 300, retention: Keep), Cancellation)).Tokens);
    }

    [Fact]
    public async Task Submit_PreemptedByOneThatKeepsAll_ChoosesTheSameBlocks()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 115, context: 900, sequences: 3));
        using var bothSubmitted = new ManualResetEventSlim();
        toy.Model.OnStep = _ => bothSubmitted.Wait(Cancellation);
        int[] one = Prompt(400, seed: 3), two = Prompt(600);
        var older = toy.Submit(one, 300);
        var younger = toy.Submit(two, 290, retention: Keep);
        bothSubmitted.Set();
        Assert.Equal(ToyModel.Generate(one, 300), (await ToyEngine.ReadAsync(older, Cancellation)).Tokens);
        Assert.Equal(Generate(two, 290, Keep), (await ToyEngine.ReadAsync(younger, Cancellation)).Tokens);
        await toy.IdleAsync(Cancellation);
        Assert.True(toy.Engine.Load.Preemptions > 0);
        Assert.Equal(0, toy.Engine.Load.Kv.UsedBlocks);
    }

    [Fact]
    public async Task Submit_NeedleFarBeforeTheWindow_IsSeenByTheAnswerOnlyWhereAttentionIsKept()
    {
        int[] with = Prompt(2000), without = Prompt(2000);
        with[700] = ToyModel.Needle;
        var window = new KvRetention(Keep.Sinks, Keep.Window + Keep.Heavy); // as many positions
        using var toy = new ToyEngine(Options());
        Assert.NotEqual(await AnswerAsync(toy, without, Keep), await AnswerAsync(toy, with, Keep));
        Assert.Equal(await AnswerAsync(toy, without, window), await AnswerAsync(toy, with, window));
    }

    [Fact]
    public async Task Submit_LongContext_NeverHoldsMoreThanItMay()
    {
        int most = 0;
        using var toy = new ToyEngine(Options());
        toy.Model.OnStep = _ => most = Math.Max(most, toy.Engine.Load.Kv.UsedBlocks);
        await ToyEngine.ReadAsync(toy.Submit(Prompt(3000), 300, retention: Keep), Cancellation);
        Assert.Equal(1 + 5 + 8 + Interval / BlockTokens, most);
        Assert.Equal(most, Keep.MostBlocks(3300, 16, BlockTokens));
    }

    [Fact]
    public async Task Submit_ModelWithAWindowOfItsOwn_KeepsThatOneInThoseLayers()
    {
        using var toy = new ToyEngine(Options(), windows: [0, 20]);
        int[] prompt = Prompt(900);
        Assert.Equal(
            Generate(prompt, 100, Keep, new KvRetention(0, 20)),
            (await ToyEngine.ReadAsync(toy.Submit(prompt, 100, retention: Keep), Cancellation)).Tokens);
    }

    [Fact]
    public async Task Submit_SamePromptAgain_IsComputedAnewAndTheSame()
    {
        using var toy = new ToyEngine(Options());
        int[] prompt = Prompt(700);
        int[] first = await AnswerAsync(toy, prompt, Keep);
        var again = toy.Submit(prompt, 50, retention: Keep);
        Assert.Equal(first, (await ToyEngine.ReadAsync(again, Cancellation)).Tokens);
        Assert.Equal(0, again.CachedTokens);
    }

    private static EngineOptions Options(int stepTokens = 16, int blocks = 2000) =>
        ToyEngine.Options(blocks, context: 4000, sequences: 1, stepTokens);

    private static async Task<int[]> AnswerAsync(ToyEngine toy, int[] prompt, KvRetention keep) =>
        (await ToyEngine.ReadAsync(toy.Submit(prompt, 50, retention: keep), Cancellation)).Tokens;

    private static int[] Prompt(int length, int seed = 1) => [.. Enumerable.Range(0, length).Select(i => (i * 7 + i / 90 + seed) % 90)];

    /// <summary>The rule, token by token: which positions are kept, and how much attention their blocks had.</summary>
    /// <param name="others">What further KV groups see, after the one that chooses.</param>
    private static int[] Generate(int[] prompt, int count, KvRetention keep, params KvRetention[] others)
    {
        var all = prompt.ToList();
        var kept = new List<(int Block, long Had)>();
        for (int p = 0; all.Count < prompt.Length + count; p++)
        {
            if (p % BlockTokens == 0)
                kept.Add((p / BlockTokens, 0));
            if (p % BlockTokens == BlockTokens - 1)
                kept = [.. kept.Select(k => (k.Block, k.Had + Tokens(k.Block, p).Sum(t => (long)ToyModel.AttentionOf(t))))];
            if (p == all.Count - 1)
                all.Add(ToyModel.NextOf([.. kept.SelectMany(k => Tokens(k.Block, p))], all, others));
            if ((p + 1) % Interval == 0)
                kept = Choose(kept, keep);
        }
        return [.. all.Skip(prompt.Length)];

        IEnumerable<int> Tokens(int block, int last) =>
            Enumerable.Range(block * BlockTokens, BlockTokens).Where(p => p <= last).Select(p => all[p]);
    }

    private static List<(int Block, long Had)> Choose(List<(int Block, long Had)> kept, KvRetention keep)
    {
        int sinks = Math.Min(kept.Count, Blocks(keep.Sinks)), recent = Math.Min(kept.Count - sinks, Blocks(keep.Window));
        var middle = kept[sinks..^recent];
        var chosen = middle.OrderByDescending(k => k.Had).ThenByDescending(k => k.Block).Take(Blocks(keep.Heavy)).OrderBy(k => k.Block);
        return [.. kept[..sinks], .. chosen, .. kept[^recent..]];
    }

    private static int Blocks(int positions) => (positions + BlockTokens - 1) / BlockTokens;
}
