using Sluice.Core.Steps;
using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine;

/// <summary>What the engine does by the clock: the budget of a step, the rate it reports, deadlines.</summary>
public sealed class EngineTimeTests : IDisposable
{
    private readonly HandClock _clock = new();
    private readonly SemaphoreSlim _steps = new(0);
    private ToyEngine? _toy;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _steps.Release(10_000);
        _toy?.Dispose();
        _steps.Dispose();
    }

    [Fact]
    public async Task Steps_BesideAStream_TakeAboutTheTarget()
    {
        const double TokenMs = 1, FixedMs = 40;
        var toy = Open(stepTokens: 512, sequences: 4);
        var durations = new List<(double Ms, bool Streams, int Rows)>();
        using var submitted = new ManualResetEventSlim();
        toy.Model.OnStep = batch =>
        {
            submitted.Wait(Cancellation);
            double ms = FixedMs + TokenMs * batch.Rows;
            _clock.Advance(TimeSpan.FromMilliseconds(ms));
            durations.Add((ms, batch.SequenceCount > 1, batch.Rows));
        };
        var stream = toy.Submit([1], 400);
        var prompt = toy.Submit([.. Enumerable.Range(0, 3000).Select(i => i % 90)], 1);
        submitted.Set();
        Assert.Equal(FinishReason.Length, (await ToyEngine.ReadAsync(prompt, Cancellation)).End.Finish);
        Assert.Equal(FinishReason.Length, (await ToyEngine.ReadAsync(stream, Cancellation)).End.Finish);
        var beside = durations.Where(d => d.Streams).Skip(5).SkipLast(1).ToList();
        Assert.True(beside.Count > 20, "the prompt was to be computed in many steps");
        Assert.All(beside, d => Assert.InRange(d.Ms, 95, 105));
    }

    [Fact]
    public async Task ShortPrompt_ArrivingDuringALongOne_HasItsTokenWithinThreeTimesItsOwnTime()
    {
        const double TokenMs = 4; // a model of a billion parameters on two cores
        double idleMs = 64 * TokenMs;
        for (int streams = 0; streams <= 8; streams += 8)
        {
            using var toy = new ToyEngine(Options(stepTokens: 512, sequences: 16), _clock);
            using var submitted = new ManualResetEventSlim();
            double arrived = 0, answered = 0;
            int step = 0;
            toy.Model.OnStep = batch =>
            {
                submitted.Wait(Cancellation);
                if (++step == 30)
                {
                    arrived = Now(); // at the worst moment: the step has just begun
                    toy.Submit([.. Enumerable.Range(0, 64).Select(i => (i * 7 + 3) % 90)], 5);
                }
                _clock.Advance(TimeSpan.FromMilliseconds(TokenMs * batch.Rows));
                if (arrived > 0 && answered == 0 && EndsAt(batch, 64))
                    answered = Now();
            };
            for (int i = 0; i < streams; i++)
                toy.Submit([i, 50], 4000);
            var prompt = toy.Submit([.. Enumerable.Range(0, 8192).Select(i => (i * 11) % 90)], 1);
            submitted.Set();
            await ToyEngine.ReadAsync(prompt, Cancellation);
            Assert.InRange(answered - arrived, 1, 3 * idleMs);
        }

        // The streams are past it or have one row a step; the long prompt is past it.
        static bool EndsAt(StepBatch batch, int position) =>
            batch.Sequences.ToArray().Any(s => s.Rows > 1 && s.FirstPosition + s.Rows == position);
        double Now() => TimeSpan.FromTicks(_clock.GetTimestamp()).TotalMilliseconds;
    }

    [Fact]
    public async Task Deadline_PassedWhileWaiting_EndsItWithoutComputing()
    {
        var toy = Open(sequences: 1);
        var running = toy.Submit([1], 3);
        var hurried = Submit(toy, [2], TimeSpan.FromSeconds(1));
        var patient = Submit(toy, [3], TimeSpan.FromSeconds(100));
        _clock.Advance(TimeSpan.FromSeconds(2));
        _steps.Release(1);
        var (tokens, end) = await ToyEngine.ReadAsync(hurried, Cancellation);
        Assert.Empty(tokens);
        Assert.Equal(FinishReason.Expired, end.Finish);
        _steps.Release(10_000);
        Assert.Equal(FinishReason.Length, (await ToyEngine.ReadAsync(running, Cancellation)).End.Finish);
        Assert.Equal(FinishReason.Length, (await ToyEngine.ReadAsync(patient, Cancellation)).End.Finish);
        await toy.IdleAsync(Cancellation);
        Assert.Equal(2, toy.Engine.Load.PromptTokens);
    }

    [Fact]
    public async Task Deadline_PassedWhileRunning_EndsItAndFreesItsBlocks()
    {
        var toy = Open();
        var hurried = Submit(toy, [2], TimeSpan.FromSeconds(1));
        _steps.Release(4);
        while (toy.Engine.Load.GeneratedTokens < 3)
            await Task.Delay(1, Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(2));
        _steps.Release(10_000);
        var (tokens, end) = await ToyEngine.ReadAsync(hurried, Cancellation);
        Assert.InRange(tokens.Length, 3, 5);
        Assert.Equal(FinishReason.Expired, end.Finish);
        await toy.IdleAsync(Cancellation);
        Assert.Equal(toy.Engine.Load.Blocks, toy.Engine.Load.FreeBlocks);
    }

    [Fact]
    public async Task ExpectedWait_AfterSomeSteps_IsQueuedTokensOverTheMeasuredRate()
    {
        var toy = Open(sequences: 1, stepTokens: 128);
        Assert.Equal(TimeSpan.Zero, toy.Engine.Load.ExpectedWait);
        toy.Model.OnStep = batch =>
        {
            _steps.Wait(Cancellation);
            _clock.Advance(TimeSpan.FromMilliseconds(2 * batch.Rows));
        };
        toy.Submit([.. Enumerable.Range(0, 1280).Select(i => i % 90)], 1);
        toy.Submit([.. Enumerable.Range(0, 1000).Select(i => i % 80)], 1);
        _steps.Release(4);
        const int Computed = 64 + 3 * 128, Left = 1280 - Computed; // the first chunk is a careful one
        while (toy.Engine.Load.PromptTokens < Computed || toy.Engine.Load.PendingTokens > Left)
            await Task.Delay(1, Cancellation);
        Assert.Equal(500, toy.Engine.Load.PromptTps, 1e-6);
        Assert.Equal((Left + 1000) * 0.002, toy.Engine.Load.ExpectedWait!.Value.TotalSeconds, 1e-3);
    }

    private static EngineOptions Options(int stepTokens, int sequences) =>
        ToyEngine.Options(blocks: 16 * 1250, context: 10_000, sequences: sequences, stepTokens: stepTokens);

    private ToyEngine Open(int stepTokens = 16, int sequences = 4)
    {
        _toy = new ToyEngine(Options(stepTokens, sequences), _clock);
        _toy.Model.OnStep = _ => _steps.Wait(Cancellation);
        return _toy;
    }

    private Generation Submit(ToyEngine toy, int[] prompt, TimeSpan patience)
    {
        var request = toy.Request(prompt, 1000) with { Deadline = _clock.GetUtcNow() + patience };
        Assert.Equal(SubmitOutcome.Accepted, toy.Engine.TrySubmit(request with { MaxTokens = 20 }, out var generation));
        return generation!;
    }
}
