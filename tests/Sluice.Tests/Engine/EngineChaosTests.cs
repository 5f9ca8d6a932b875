using Sluice.Core.Steps;
using Sluice.Engine.Requests;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine;

/// <summary>
/// Random arrivals, lengths, shared prefixes, priorities, aborts and faults over too few blocks: nothing is lost, leaked or mixed up.
/// </summary>
public sealed class EngineChaosTests
{
    /// <summary>A token whose every step fails. The others' steps fail now and then, and go well when they are tried again.</summary>
    private const int Guilty = 95;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4, 0, 17)]
    [InlineData(5, 24, 9)]
    [InlineData(6, 30)]
    public async Task RandomTraffic_TightMemory_EveryRequestEndsOnceWithItsOwnTokens(int seed, params int[] windows)
    {
        var random = new Random(seed);
        using var toy = new ToyEngine(
            ToyEngine.Options(blocks: windows.Length > 1 ? 32 : 24, context: 120, sequences: 6, stepTokens: 20), windows: windows);
        int step = 0;
        toy.Model.OnStep = batch =>
        {
            if (++step % 97 == 0 || batch.Tokens.Contains(Guilty))
                throw new InvalidOperationException("fault injected");
        };
        int[] shared = [.. Enumerable.Range(0, 60).Select(_ => random.Next(90))];
        var reads = new List<Task<bool>>();
        for (int i = 0; i < 300; i++)
        {
            int[] prompt = [.. shared.Take(random.Next(60)), .. Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(90))];
            int count = random.Next(1, 40);
            var keep = random.Next(4) == 0 ? new KvRetention(random.Next(10), random.Next(1, 40)) : default;
            int[] expected = ToyModel.Generate(prompt, Math.Min(count, 120 - prompt.Length), Seen(windows, keep));
            var request = toy.Request(prompt, count, random.Next(3), keep) with { Tenant = $"tenant {random.Next(3)}" };
            Assert.Equal(SubmitOutcome.Accepted, toy.Engine.TrySubmit(request, out var generation));
            reads.Add(Follow(generation!, expected, abortAfter: random.Next(5) == 0 ? random.Next(20) : -1));
            if (random.Next(10) == 0)
                await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        bool[] completed = await Task.WhenAll(reads);
        Assert.True(completed.Count(c => c) > 150, "most requests are neither aborted nor hit by a fault");
        toy.Model.OnStep = null;
        await ToyEngine.ReadAsync(toy.Submit([1], 1), TestContext.Current.CancellationToken);
        while (toy.Engine.Load.Running > 0)
            await Task.Yield();
        Assert.Equal(toy.Engine.Load.Blocks, toy.Engine.Load.FreeBlocks);
        Assert.True(toy.Engine.Load.Preemptions > 0, "memory was meant to be tight");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Shutdown_InTheMiddleOfTraffic_EndsEveryRequestOnce(int seed)
    {
        var random = new Random(seed);
        var toy = new ToyEngine(ToyEngine.Options(blocks: 24, context: 120, sequences: 6, stepTokens: 20));
        int steps = 0, last = random.Next(20, 200);
        using var reached = new ManualResetEventSlim();
        using var stopping = new ManualResetEventSlim();
        toy.Model.OnStep = batch =>
        {
            if (++steps == last)
            {
                reached.Set();
                stopping.Wait(TestContext.Current.CancellationToken); // or all could have ended before the shutdown begins
            }
            if (steps % 37 == 0)
                throw new InvalidOperationException("fault injected");
        };
        var generations = new List<Generation>();
        for (int i = 0; i < 200; i++)
        {
            // Every third asks what another one asks too, so that readers share.
            int[] prompt = i % 3 == 0 ? [1, 2, 3, i % 9] : [.. Enumerable.Range(0, random.Next(1, 80)).Select(_ => random.Next(90))];
            var request = toy.Request(prompt, i % 3 == 0 ? 30 : random.Next(1, 40), random.Next(3)) with { Tenant = $"tenant {i % 4}" };
            Assert.Equal(SubmitOutcome.Accepted, toy.Engine.TrySubmit(request, out var generation));
            generations.Add(generation!);
        }
        reached.Wait(TestContext.Current.CancellationToken);
        foreach (var generation in generations.Where(_ => random.Next(10) == 0))
            generation.Abort();
        var disposal = Task.Run(toy.Dispose, TestContext.Current.CancellationToken);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        stopping.Set();
        await disposal;
        var ends = new List<FinishReason>();
        foreach (var generation in generations)
            ends.Add((await ToyEngine.ReadAsync(generation, TestContext.Current.CancellationToken)).End.Finish!.Value);
        Assert.Contains(FinishReason.Shutdown, ends);
        Assert.All(
            ends, end => Assert.True(end is FinishReason.Shutdown or FinishReason.Length or FinishReason.Aborted or FinishReason.Failed));
    }

    /// <summary>What each KV group sees.</summary>
    private static KvRetention[] Seen(int[] windows, KvRetention chosen) =>
        windows is [] ? [chosen] : [.. windows.Select(window => window > 0 ? new KvRetention(0, window) : chosen)];

    private static async Task<bool> Follow(Generation generation, int[] expected, int abortAfter)
    {
        var tokens = new List<int>();
        FinishReason? finish = null;
        await foreach (var e in generation.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.Null(finish);
            finish = e.Finish;
            if (finish is null)
                tokens.Add(e.Token);
            if (tokens.Count == abortAfter)
                generation.Abort();
        }
        Assert.NotNull(finish);
        Assert.Equal(expected.Take(tokens.Count), tokens);
        if (finish == FinishReason.Length)
            Assert.Equal(expected.Length, tokens.Count);
        else
            Assert.True(finish is FinishReason.Aborted or FinishReason.Failed);
        return finish == FinishReason.Length;
    }
}
