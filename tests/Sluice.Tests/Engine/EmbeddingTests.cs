using Sluice.Engine.Embedding;
using Sluice.Engine.Requests;
using Sluice.Models;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine;

public sealed class EmbeddingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.Last)]
    public async Task Embed_InChunksAmongOthers_PoolsItsOwnPositions(Pooling pooling)
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 300, stepTokens: 16));
        var generations = Enumerable.Range(0, 3).Select(i => toy.Submit([i, 7], 60)).ToList();
        int[][] texts = [[4], Text(133), Text(48)];
        var submitted = texts.Select(text => Submit(toy, text, pooling)).ToList();
        for (int i = 0; i < texts.Length; i++)
            Assert.Equal([Expected(texts[i], pooling)], await EmbedAsync(submitted[i]));
        for (int i = 0; i < generations.Count; i++)
            Assert.Equal(ToyModel.Generate([i, 7], 60), (await ToyEngine.ReadAsync(generations[i], Cancellation)).Tokens);
        await RequireAllFreeAsync(toy);
    }

    [Fact]
    public async Task Embed_LastAfterTheSamePrefix_TakesItFromTheCache()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 300));
        int[] text = Text(50);
        await EmbedAsync(Submit(toy, text, Pooling.Last));
        var second = Submit(toy, text, Pooling.Last);
        Assert.Equal([Expected(text, Pooling.Last)], await EmbedAsync(second));
        Assert.Equal(text.Length - 1, second.CachedTokens);
    }

    [Fact]
    public async Task Embed_MeanAfterTheSamePrefix_ComputesEveryPosition()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 300));
        int[] text = Text(50);
        await EmbedAsync(Submit(toy, text, Pooling.Mean));
        var second = Submit(toy, text, Pooling.Mean);
        Assert.Equal([Expected(text, Pooling.Mean)], await EmbedAsync(second));
        Assert.Equal(0, second.CachedTokens);
    }

    [Fact]
    public async Task Embed_Preempted_GivesTheSame()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 20, context: 160, sequences: 8, stepTokens: 16));
        using var allSubmitted = new ManualResetEventSlim();
        toy.Model.OnStep = _ => allSubmitted.Wait(Cancellation);
        var generations = Enumerable.Range(0, 4).Select(i => toy.Submit([i, 3], 90)).ToList();
        var texts = Enumerable.Range(0, 6).Select(i => Text(100 + i)).ToList();
        var submitted = texts.Select(text => Submit(toy, text, Pooling.Mean)).ToList();
        allSubmitted.Set();
        for (int i = 0; i < texts.Count; i++)
            Assert.Equal([Expected(texts[i], Pooling.Mean)], await EmbedAsync(submitted[i]));
        foreach (var generation in generations)
            Assert.Equal(FinishReason.Length, (await ToyEngine.ReadAsync(generation, Cancellation)).End.Finish);
        Assert.True(toy.Engine.Load.Preemptions > 0, "nothing was preempted, so nothing was tested");
    }

    [Fact]
    public async Task Embed_TextThatFillsTheContext_Fits()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 32));
        Assert.Equal([Expected(Text(32), Pooling.Mean)], await EmbedAsync(Submit(toy, Text(32), Pooling.Mean)));
        Assert.Equal(SubmitOutcome.DoesNotFit, toy.Engine.TrySubmit(Request(toy, Text(33), Pooling.Mean), out _));
        Assert.Equal(SubmitOutcome.DoesNotFit, toy.Engine.TrySubmit(Request(toy, [], Pooling.Mean), out _));
    }

    [Fact]
    public async Task Embed_HiddenStatesNotFinite_FailsThatRequestAlone()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 64));
        var bad = Submit(toy, [1, ToyModel.Poison, 3], Pooling.Mean);
        var good = Submit(toy, [1, 2, 3], Pooling.Mean);
        var end = await bad.ReadEmbeddingAsync(Cancellation);
        Assert.Equal(FinishReason.Failed, end.Finish);
        Assert.Contains("not finite", end.Fault!.Message, StringComparison.Ordinal);
        Assert.Null(end.Embedding);
        Assert.Equal([Expected([1, 2, 3], Pooling.Mean)], await EmbedAsync(good));
    }

    [Fact]
    public async Task Embed_Cancelled_FreesItsBlocks()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 300, stepTokens: 16));
        using var gate = new SemaphoreSlim(0);
        toy.Model.OnStep = _ => gate.Wait(Cancellation);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = Submit(toy, Text(200), Pooling.Mean);
        var read = running.ReadEmbeddingAsync(leaving.Token);
        gate.Release(3);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        gate.Release(100);
        await RequireAllFreeAsync(toy);
        Assert.True(toy.Engine.Load.PromptTokens < 200, "the whole text was computed for nobody");
    }

    private static int[] Text(int length) => [.. Enumerable.Range(0, length).Select(i => (i * 7 + length) % 90)];

    private static float Expected(int[] text, Pooling pooling) => pooling == Pooling.Last
        ? ToyModel.Hidden(text)
        : (float)(Enumerable.Range(1, text.Length).Sum(n => (double)ToyModel.Hidden(text[..n])) / text.Length);

    private static PoolingRequest Request(ToyEngine toy, int[] text, Pooling pooling) =>
        new() { Prompt = toy.Engine.Prepare([new PromptSegment.Tokens(text)]), Pooling = pooling };

    private static Generation Submit(ToyEngine toy, int[] text, Pooling pooling)
    {
        Assert.Equal(SubmitOutcome.Accepted, toy.Engine.TrySubmit(Request(toy, text, pooling), out var generation));
        return generation!;
    }

    private static async Task<float[]> EmbedAsync(Generation generation)
    {
        var end = await generation.ReadEmbeddingAsync(Cancellation);
        Assert.Equal(FinishReason.Embedded, end.Finish);
        return end.Embedding!;
    }

    private static async Task RequireAllFreeAsync(ToyEngine toy)
    {
        while (toy.Engine.Load.Running > 0 || toy.Engine.Load.FreeBlocks < toy.Engine.Load.Blocks)
            await Task.Delay(1, Cancellation);
    }
}
