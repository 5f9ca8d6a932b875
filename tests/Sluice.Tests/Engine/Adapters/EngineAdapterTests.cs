using Sluice.Engine.Adapters;
using Sluice.Engine.Requests;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine.Adapters;

/// <summary>Requests through adapters: what the toy model stores for a token names the adapter, so that sharing across adapters would show.</summary>
public sealed class EngineAdapterTests
{
    private const int Count = 12;

    private static readonly int[] Prompt = [.. Enumerable.Range(5, 21)];

    [Fact]
    public async Task Generate_ManyAdaptersAtOnce_EachIsAsIfAlone()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 100, context: 64, sequences: 8));
        EngineAdapter?[] adapters = [null, new(1, "a", 0), new(2, "b", 0), new(3, "a", 1)];
        var runs = Enumerable.Range(0, 24).Select(async i =>
        {
            int number = i % 4;
            using var generation = Submit(toy, adapters[number]);
            var (tokens, end) = await ToyEngine.ReadAsync(generation, TestContext.Current.CancellationToken);
            Assert.Equal(FinishReason.Length, end.Finish);
            Assert.Equal(ToyModel.GenerateThrough(number, Prompt, Count), tokens);
        });
        await Task.WhenAll(runs);
    }

    [Fact]
    public async Task Prepare_OtherAdapter_SharesNeitherHashesNorCachedBlocks()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 100, context: 64));
        var adapter = new EngineAdapter(1, "a", 0);
        using (var first = Submit(toy, adapter))
            await ToyEngine.ReadAsync(first, TestContext.Current.CancellationToken);
        EngineAdapter?[] others = [null, new(1, "b", 0), new(1, "a", 1)];
        var own = Prepare(toy, adapter);
        Assert.Equal(Prompt.Length - 1, toy.Engine.CachedTokens(own));
        foreach (var other in others)
        {
            var prompt = Prepare(toy, other);
            Assert.Equal(0, toy.Engine.CachedTokens(prompt));
            Assert.NotEqual(own.BlockHashes.ToArray(), prompt.BlockHashes.ToArray());
        }
    }

    [Fact]
    public async Task Close_WhileRequestsRun_RefusesNewOnesAndWaitsForThem()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 100, context: 64));
        using var gate = new ManualResetEventSlim();
        toy.Model.OnStep = _ => gate.Wait(TestContext.Current.CancellationToken);
        var adapter = new EngineAdapter(1, "a", 0);
        using var running = Submit(toy, adapter);
        var closing = toy.Engine.CloseAdapterAsync(adapter, TimeSpan.FromMinutes(1));
        Assert.Equal(SubmitOutcome.AdapterGone, toy.Engine.TrySubmit(Request(toy, adapter), out _));
        Assert.False(closing.IsCompleted);
        gate.Set();
        var (tokens, end) = await ToyEngine.ReadAsync(running, TestContext.Current.CancellationToken);
        Assert.Equal(FinishReason.Length, end.Finish);
        Assert.Equal(ToyModel.GenerateThrough(1, Prompt, Count), tokens);
        await closing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Close_WithoutPatience_EndsWhatRunsAndWhatWaits()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 100, context: 64, sequences: 1));
        toy.Model.OnStep = _ => Thread.Sleep(5);
        var adapter = new EngineAdapter(1, "a", 0);
        using var running = Submit(toy, adapter, count: 40);
        using var waiting = Submit(toy, adapter, count: 39);
        using var other = Submit(toy, null);
        await toy.Engine.CloseAdapterAsync(adapter, TimeSpan.Zero).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        foreach (var ended in new[] { running, waiting })
            Assert.Equal(FinishReason.Unloaded, (await ToyEngine.ReadAsync(ended, TestContext.Current.CancellationToken)).End.Finish);
        Assert.Equal(FinishReason.Length, (await ToyEngine.ReadAsync(other, TestContext.Current.CancellationToken)).End.Finish);
    }

    [Fact]
    public async Task Close_AfterMergedRequests_CountsEachComputationOnce()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 100, context: 64));
        var adapter = new EngineAdapter(1, "a", 0);
        Generation[] same = [.. Enumerable.Range(0, 5).Select(_ => Submit(toy, adapter))];
        foreach (var generation in same)
            Assert.Equal(FinishReason.Length, (await ToyEngine.ReadAsync(generation, TestContext.Current.CancellationToken)).End.Finish);
        await toy.Engine.CloseAdapterAsync(adapter, TimeSpan.FromMinutes(1))
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static Prompt Prepare(ToyEngine toy, EngineAdapter? adapter) =>
        toy.Engine.Prepare([new PromptSegment.Tokens(Prompt)], adapter: adapter);

    private static GenerationRequest Request(ToyEngine toy, EngineAdapter? adapter, int count = Count) =>
        new() { Prompt = Prepare(toy, adapter), MaxTokens = count };

    private static Generation Submit(ToyEngine toy, EngineAdapter? adapter, int count = Count)
    {
        Assert.Equal(SubmitOutcome.Accepted, toy.Engine.TrySubmit(Request(toy, adapter, count), out var generation));
        return generation!;
    }
}
