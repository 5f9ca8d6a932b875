using Sluice.Engine.Requests;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine;

public sealed class LlmEngineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_Alone_GeneratesWhatTheModelSays()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 200));
        int[] prompt = [1, 2, 3];
        var (tokens, end) = await ToyEngine.ReadAsync(toy.Submit(prompt, 40), Cancellation);
        Assert.Equal(ToyModel.Generate(prompt, 40), tokens);
        Assert.Equal(FinishReason.Length, end.Finish);
    }

    [Fact]
    public async Task Submit_PromptLongerThanAStep_IsComputedInChunks()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 300, stepTokens: 16));
        int mostRows = 0;
        toy.Model.OnStep = batch => mostRows = Math.Max(mostRows, batch.Rows);
        int[] prompt = [.. Enumerable.Range(0, 133).Select(i => i % 90)];
        var (tokens, _) = await ToyEngine.ReadAsync(toy.Submit(prompt, 5), Cancellation);
        Assert.Equal(ToyModel.Generate(prompt, 5), tokens);
        Assert.Equal(16, mostRows);
    }

    [Fact]
    public async Task Submit_StopToken_EndsWithStop()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 200));
        int[] prompt = [5, 6];
        int[] expected = ToyModel.Generate(prompt, 10);
        var request = toy.Request(prompt, 10) with { StopTokens = new HashSet<int> { expected[4] } };
        toy.Engine.TrySubmit(request, out var generation);
        var (tokens, end) = await ToyEngine.ReadAsync(generation!, Cancellation);
        int stopsAt = Array.IndexOf(expected, expected[4]);
        Assert.Equal(expected[..(stopsAt + 1)], tokens);
        Assert.Equal(FinishReason.Stop, end.Finish);
    }

    [Fact]
    public async Task Submit_SamePromptTwice_ReusesItsBlocks()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 200));
        int[] prompt = [.. Enumerable.Range(0, 33)];
        await ToyEngine.ReadAsync(toy.Submit(prompt, 3), Cancellation);
        var second = toy.Submit(prompt, 3);
        var (tokens, _) = await ToyEngine.ReadAsync(second, Cancellation);
        Assert.Equal(ToyModel.Generate(prompt, 3), tokens);
        Assert.Equal(32, second.CachedTokens);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(21)]
    public async Task Submit_PromptsWithAPrefixOfAnyLengthInCommon_ComputeItOnceToTheToken(int shared)
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 200));
        int[] prefix = [.. Enumerable.Range(0, shared)];
        for (int i = 0; i < 5; i++)
        {
            int[] prompt = [.. prefix, 40 + i, .. Enumerable.Range(50, i)];
            var generation = toy.Submit(prompt, 12);
            Assert.Equal(ToyModel.Generate(prompt, 12), (await ToyEngine.ReadAsync(generation, Cancellation)).Tokens);
            Assert.Equal(i == 0 ? 0 : shared, generation.CachedTokens);
        }
    }

    [Fact]
    public void CachedTokens_OfNothing_AreNone()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 200));
        Assert.Equal(0, toy.Engine.CachedTokens(toy.Engine.Prepare([])));
    }

    [Fact]
    public async Task Submit_PromptOfOneThatIsAnswered_IsNotComputedAgain()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 200));
        int[] prompt = [.. Enumerable.Range(0, 21)];
        await foreach (var e in toy.Submit(prompt, 40).ReadAllAsync(Cancellation))
        {
            var second = toy.Submit([.. prompt, 7], 3); // while the first one's last block is being written on
            Assert.Equal(ToyModel.Generate([.. prompt, 7], 3), (await ToyEngine.ReadAsync(second, Cancellation)).Tokens);
            Assert.Equal(21, second.CachedTokens);
        }
    }

    [Fact]
    public async Task Load_AfterRequests_CountsTokensAndBlocksExactly()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 10, context: 80, sequences: 1));
        int[] prompt = [.. Enumerable.Range(0, 33)];
        await ToyEngine.ReadAsync(toy.Submit(prompt, 3), Cancellation); // 35 tokens are stored: 4 whole blocks and a part of one
        await ToyEngine.ReadAsync(toy.Submit(prompt, 3), Cancellation);
        await toy.IdleAsync(Cancellation);
        Assert.Equal(
            new KvLoad(UsedBlocks: 0, CachedBlocks: 5, EmptyBlocks: 5, HitTokens: 32, MissTokens: 34, Evictions: 0), toy.Engine.Load.Kv);
        Assert.Equal((34, 6), (toy.Engine.Load.PromptTokens, toy.Engine.Load.GeneratedTokens));

        // 72 tokens are stored: 9 whole blocks, 4 of them taken from the cache.
        await ToyEngine.ReadAsync(toy.Submit([.. prompt.Select(id => id + 40)], 40), Cancellation);
        await toy.IdleAsync(Cancellation);
        Assert.Equal(
            new KvLoad(UsedBlocks: 0, CachedBlocks: 10, EmptyBlocks: 0, HitTokens: 32, MissTokens: 67, Evictions: 4), toy.Engine.Load.Kv);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 32)]
    public async Task Submit_PinnedPrompt_OutlivesWhatCameAfterIt(bool pinned, int cached)
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 20, context: 160, sequences: 1));
        int[] prompt = [.. Enumerable.Range(0, 33)];
        toy.Engine.TrySubmit(toy.Request(prompt, 3) with { PinPrompt = pinned }, out var first);
        await ToyEngine.ReadAsync(first!, Cancellation);
        for (int i = 1; i < 10; i++) // 45 blocks pass through the 20
            await ToyEngine.ReadAsync(toy.Submit([.. prompt.Select(id => (id * 2 + i) % 90)], 6), Cancellation);
        await toy.IdleAsync(Cancellation);
        Assert.Equal(pinned ? 4 : 0, toy.Engine.Load.Kv.PinnedBlocks);
        Assert.Equal(cached, toy.Engine.CachedTokens(toy.Request(prompt, 3).Prompt));
    }

    [Fact]
    public async Task Submit_SamePromptOfAnotherSalt_SharesNothing()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 200));
        int[] prompt = [.. Enumerable.Range(0, 33)];
        await ToyEngine.ReadAsync(toy.Submit(prompt, 3), Cancellation);
        var salted = toy.Request(prompt, 3) with { Prompt = toy.Engine.Prepare([new PromptSegment.Tokens(prompt)], "other tenant") };
        toy.Engine.TrySubmit(salted, out var generation);
        await ToyEngine.ReadAsync(generation!, Cancellation);
        Assert.Equal(0, generation!.CachedTokens);
    }

    [Fact]
    public void Submit_PromptThatFillsTheContext_DoesNotFit()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 32));
        Assert.Equal(SubmitOutcome.DoesNotFit, toy.Engine.TrySubmit(toy.Request(new int[32], 1), out _));
        Assert.Equal(SubmitOutcome.DoesNotFit, toy.Engine.TrySubmit(toy.Request([], 1), out _));
    }

    [Fact]
    public async Task Submit_BeyondTheQueue_IsRefused()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 64, sequences: 1, queue: 2));
        using var gate = new SemaphoreSlim(0);
        toy.Model.OnStep = _ => gate.Wait(Cancellation);
        var first = toy.Submit([1], 2);
        while (toy.Engine.Load.Waiting > 0)
            await Task.Yield(); // until the first is being computed
        var second = toy.Submit([2], 2);
        var third = toy.Submit([3], 2);
        Assert.Equal(SubmitOutcome.QueueFull, toy.Engine.TrySubmit(toy.Request([4], 2), out _));
        gate.Release(100);
        foreach (var generation in new[] { first, second, third })
            Assert.Equal(FinishReason.Length, (await ToyEngine.ReadAsync(generation, Cancellation)).End.Finish);
    }

    [Fact]
    public async Task Abort_WhileWaiting_LeavesTheQueueAtOnce()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 64, sequences: 1));
        using var gate = new SemaphoreSlim(0);
        toy.Model.OnStep = _ => gate.Wait(Cancellation);
        var running = toy.Submit([1], 2);
        while (toy.Engine.Load.Waiting > 0)
            await Task.Yield();
        var waiting = toy.Submit([2], 2);
        waiting.Abort(); // the engine's thread is stuck in a step all the while
        Assert.Equal(0, toy.Engine.Load.Waiting);
        Assert.Equal(0, toy.Engine.Load.WaitingTokens);
        Assert.Equal(FinishReason.Aborted, (await ToyEngine.ReadAsync(waiting, Cancellation)).End.Finish);
        gate.Release(100);
        await ToyEngine.ReadAsync(running, Cancellation);
    }

    [Fact]
    public async Task Abort_InAStepNobodyElseWants_StopsBetweenLayers()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 64));
        Generation? generation = null;
        int layers = 0;
        using var submitted = new ManualResetEventSlim();
        toy.Model.OnLayer = () =>
        {
            submitted.Wait(Cancellation);
            if (layers++ == 0)
                generation!.Abort();
        };
        generation = toy.Submit([1, 2, 3], 5);
        submitted.Set();
        var (tokens, end) = await ToyEngine.ReadAsync(generation, Cancellation);
        Assert.Empty(tokens);
        Assert.Equal(FinishReason.Aborted, end.Finish);
        Assert.Equal(1, layers);
        await toy.IdleAsync(Cancellation);
        Assert.Equal(toy.Engine.Load.Blocks, toy.Engine.Load.FreeBlocks);
    }

    [Fact]
    public async Task Step_LogitsNotFinite_FailsThatRequestAlone()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 64));
        var bad = toy.Submit([1, ToyModel.Poison, 3], 5);
        var good = toy.Submit([1, 2, 3], 5);
        var (badTokens, badEnd) = await ToyEngine.ReadAsync(bad, Cancellation);
        Assert.Empty(badTokens);
        Assert.Equal(FinishReason.Failed, badEnd.Finish);
        Assert.Contains("not finite", badEnd.Fault!.Message, StringComparison.Ordinal);
        Assert.Equal(ToyModel.Generate([1, 2, 3], 5), (await ToyEngine.ReadAsync(good, Cancellation)).Tokens);
    }

    [Fact]
    public async Task Step_Throws_FailsItsRequestsAndGoesOn()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 64));
        toy.Model.OnStep = _ => throw new InvalidOperationException("broken on purpose");
        var (_, end) = await ToyEngine.ReadAsync(toy.Submit([1], 5), Cancellation);
        Assert.Equal(FinishReason.Failed, end.Finish);
        Assert.Equal("broken on purpose", end.Fault!.Message);
        toy.Model.OnStep = null;
        Assert.Equal(ToyModel.Generate([1], 5), (await ToyEngine.ReadAsync(toy.Submit([1], 5), Cancellation)).Tokens);
    }

    [Fact]
    public async Task Step_FaultOfOneAmongMany_FailsThatRequestAlone()
    {
        const int Guilty = 41;
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 64, sequences: 8));
        using var allSubmitted = new ManualResetEventSlim();
        toy.Model.OnStep = batch =>
        {
            allSubmitted.Wait(Cancellation);
            if (batch.Tokens.Contains(Guilty))
                throw new InvalidOperationException($"broken by {Guilty}");
        };
        int[][] prompts = [.. Enumerable.Range(0, 8).Select(i => new[] { i == 5 ? Guilty : i, 1, 2 })];
        // Innocent is who generates what the model says without meeting the guilty token himself.
        int[][] expected = [.. prompts.Select(p => ToyModel.Generate(p, 6))];
        var generations = prompts.Select(p => toy.Submit(p, 6)).ToList();
        allSubmitted.Set();
        for (int i = 0; i < prompts.Length; i++)
        {
            var (tokens, end) = await ToyEngine.ReadAsync(generations[i], Cancellation);
            int meets = i == 5 ? 0 : Array.IndexOf(expected[i][..^1], Guilty) + 1;
            bool guilty = i == 5 || meets > 0;
            Assert.Equal(guilty ? FinishReason.Failed : FinishReason.Length, end.Finish);
            Assert.Equal(guilty ? $"broken by {Guilty}" : null, end.Fault?.Message);
            Assert.Equal(guilty ? expected[i][..meets] : expected[i], tokens);
        }
        await toy.IdleAsync(Cancellation);
        Assert.Equal(toy.Engine.Load.Blocks, toy.Engine.Load.FreeBlocks);
    }

    [Fact]
    public async Task Dispose_WithRequestsInFlight_EndsEachOfThem()
    {
        var toy = new ToyEngine(ToyEngine.Options(blocks: 128, context: 1000, sequences: 2));
        var generations = Enumerable.Range(0, 6).Select(i => toy.Submit([i], 500)).ToList();
        var reads = generations.Select(g => ToyEngine.ReadAsync(g, Cancellation)).ToList();
        toy.Dispose();
        foreach (var (_, end) in await Task.WhenAll(reads))
            Assert.True(end.Finish is FinishReason.Shutdown or FinishReason.Length);
        Assert.Equal(SubmitOutcome.ShuttingDown, toy.Engine.TrySubmit(toy.Request([1], 1), out _));
    }

    [Fact]
    public async Task Decode_Warm_AllocatesNothingOnTheEnginesThread()
    {
        using var toy = new ToyEngine(ToyEngine.Options(blocks: 64, context: 400, sequences: 2));
        var bytes = new List<long>(1000);
        toy.Model.OnStep = _ => bytes.Add(GC.GetAllocatedBytesForCurrentThread());
        var generations = new[] { toy.Submit([1], 300), toy.Submit([2], 300) };
        while (toy.Engine.Load.Running + toy.Engine.Load.Waiting > 0)
            await Task.Delay(1, Cancellation); // nobody reads yet, so that waking readers is not counted
        foreach (var generation in generations)
            Assert.Equal(300, (await ToyEngine.ReadAsync(generation, Cancellation)).Tokens.Length);
        // A ring of events doubles as unread ones pile up, four times here for each of the two; nothing else grows.
        var perStep = bytes.Zip(bytes.Skip(1), (before, after) => after - before).Skip(50).ToList();
        Assert.True(perStep.Count(b => b > 0) <= 16, $"{perStep.Count(b => b > 0)} of {perStep.Count} warm steps allocated");
    }
}
