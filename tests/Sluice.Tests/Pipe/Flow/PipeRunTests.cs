using System.Text;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Likeness;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Sluice.Pipe.Reports;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Pipe.Flow;

public sealed class PipeRunTests
{
    [Fact]
    public async Task Run_AnswersInAnyOrder_ComeOutInInputOrder()
    {
        var random = new Random(1);
        var delays = Enumerable.Range(0, 300).ToDictionary(i => $"{i}", _ => random.Next(0, 20));
        var stage = new ScriptedStage(async (text, cancellation) =>
        {
            await Task.Delay(delays[text], cancellation);
            return new Answer("a:" + text);
        });
        var result = await RunAsync(stage, Lines(300), new FlowOptions { Concurrency = 16 });
        Assert.Equal(Answers(300), result.Output);
        Assert.InRange(stage.MostInFlight, 2, 16);
    }

    [Fact]
    public async Task Run_AStraggler_DoesNotHoldUpTheOthers()
    {
        var others = new TaskCompletionSource();
        int done = 0;
        var stage = new ScriptedStage(async (text, cancellation) =>
        {
            if (text == "0")
                await others.Task.WaitAsync(cancellation); // ends only once all others have
            else if (Interlocked.Increment(ref done) == 9_999)
                others.SetResult();
            return new Answer("a:" + text);
        });
        var result = await RunAsync(stage, Lines(10_000), new FlowOptions { Concurrency = 4 });
        Assert.Equal(Answers(10_000), result.Output);
    }

    [Fact]
    public async Task Run_Unordered_WritesEachOnce()
    {
        var result = await RunAsync(new ScriptedStage(), Lines(500), new FlowOptions { Concurrency = 8, Unordered = true });
        Assert.Equal(Answers(500).Split('\n').Order(), result.Output.Split('\n').Order());
    }

    [Fact]
    public async Task Run_BlankRecords_AreAnsweredWithoutACall()
    {
        var stage = new ScriptedStage();
        var result = await RunAsync(stage, "x\n\n  \ny\n", new FlowOptions());
        Assert.Equal("a:x\n\n\na:y\n", result.Output);
        Assert.Equal(2, stage.Asked.Count);
        Assert.Equal((2, 2, 0), (result.Run.Tally.Answered, result.Run.Tally.Blank, result.Run.Tally.Failed));
    }

    [Fact]
    public async Task Run_Failures_KeepTheirPlaceAndCost()
    {
        var stage = new ScriptedStage((text, _) => text == "1" ? throw new AnswerException("no") : Task.FromResult(new Answer("a:" + text)));
        var result = await RunAsync(stage, Lines(3), new FlowOptions());
        Assert.Equal("a:0\n\na:2\n", result.Output);
        Assert.Equal(1, result.Run.Tally.Failed);
    }

    [Fact]
    public async Task Run_Shared_AsksTheSameOnceEvenInFlight()
    {
        var release = new TaskCompletionSource();
        var stage = new ScriptedStage(async (text, cancellation) =>
        {
            await release.Task.WaitAsync(cancellation);
            return new Answer("a:" + text);
        });
        Task<Result> run = RunAsync(stage, string.Concat(Enumerable.Repeat("same\n", 50)), new FlowOptions { Concurrency = 16, Share = true });
        release.SetResult();
        Assert.Equal(string.Concat(Enumerable.Repeat("a:same\n", 50)), (await run).Output);
        Assert.Single(stage.Asked);
    }

    [Fact]
    public async Task Run_AlikeRecords_GetTheAnswerOfTheFirst()
    {
        var stage = new ScriptedStage();
        var result = await RunAsync(stage, "Hello, World\nhello world!\nbye\n", new FlowOptions(), likeness: new NormalizedLikeness(exactly: false));
        Assert.Equal("a:Hello, World\na:Hello, World\na:bye\n", result.Output);
        Assert.Equal(1, result.Run.Tally.Shared);
    }

    [Fact]
    public async Task Run_Interrupted_GivesUpWhatIsInFlightAndWritesWhatIsInOrder()
    {
        using var interrupt = new CancellationTokenSource();
        var stage = new ScriptedStage(async (text, cancellation) =>
        {
            if (text == "3")
            {
                await interrupt.CancelAsync();
                await Task.Delay(Timeout.Infinite, CancellationToken.None); // heeds nothing
            }
            return new Answer("a:" + text);
        });
        var result = await RunAsync(stage, Lines(5), new FlowOptions { Concurrency = 1 }, interrupt: interrupt.Token);
        Assert.Equal(StopReason.Interrupted, result.Reason);
        Assert.Equal(Answers(3), result.Output);
    }

    [Fact]
    public async Task Run_TooManyFailures_Stops()
    {
        var stage = new ScriptedStage((_, _) => throw new AnswerException("no"));
        var result = await RunAsync(stage, Lines(1000), new FlowOptions { Concurrency = 2, Halt = HaltRule.Parse("now,fail=5") });
        Assert.Equal(StopReason.Failures, result.Reason);
        Assert.InRange(stage.Asked.Count, 5, 10);
    }

    [Fact]
    public async Task Run_ABudget_IsNotExceeded()
    {
        var stage = new ScriptedStage((text, _) => Task.FromResult(new Answer(text) { Usage = new Usage(500_000, 0, 0) }));
        var result = await RunAsync(stage, Lines(100), new FlowOptions { Concurrency = 4, MaxCost = 10 }, prices: new Prices(2, 0));
        Assert.Equal(StopReason.Budget, result.Reason);
        Assert.InRange(result.Run.Tally.Cost, 5, 10);
    }

    [Fact]
    public async Task Run_ABudgetSmallerThanWhatMayBeInFlight_IsNotExceeded()
    {
        var stage = new ScriptedStage(async (text, cancellation) =>
        {
            await Task.Delay(5, cancellation);
            return new Answer(text) { Usage = new Usage(500_000, 0, 0) };
        });
        var result = await RunAsync(stage, Lines(100), new FlowOptions { Concurrency = 64, MaxCost = 5 }, prices: new Prices(2, 0));
        Assert.Equal(StopReason.Budget, result.Reason);
        Assert.InRange(result.Run.Tally.Cost, 1, 5);
    }

    [Fact]
    public async Task Run_TheReaderIsGone_EndsQuietly()
    {
        var result = await RunAsync(new ScriptedStage(), Lines(10_000), new FlowOptions(), sink: new VanishingSink());
        Assert.Equal(StopReason.ReaderGone, result.Reason);
    }

    [Fact]
    public async Task Run_ASlowReader_HoldsUpTheQuestions()
    {
        var sink = new BlockingSink();
        var stage = new ScriptedStage();
        Task<Result> run = RunAsync(stage, Lines(50_000), new FlowOptions { Concurrency = 4 }, sink: sink);
        await sink.Blocked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        int before = -1;
        while (stage.Asked.Count != before) // settles, because the reader takes nothing
        {
            before = stage.Asked.Count;
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        Assert.InRange(before, 1, 5_000);
        sink.Release.SetResult();
        Assert.Equal(StopReason.InputEnded, (await run).Reason);
        Assert.Equal(50_000, stage.Asked.Count);
    }

    [Fact]
    public async Task Run_Adaptive_TakesASharedAnswerForNoFailure()
    {
        string input = string.Concat(Enumerable.Repeat("same\n", 500));
        var result = await RunAsync(new ScriptedStage(), input, new FlowOptions { Concurrency = 16, Adaptive = true, Share = true });
        Assert.Equal(16, result.Run.Limit); // one question was asked: nothing is known about the source
    }

    [Fact]
    public async Task Run_Adaptive_FindsAConcurrencyThatKeepsASlowSourceBusy()
    {
        var stage = new ScriptedStage(async (text, cancellation) =>
        {
            await Task.Delay(10, cancellation);
            return new Answer(text);
        });
        await RunAsync(stage, Lines(2_000), new FlowOptions { Concurrency = 4, Adaptive = true });
        Assert.True(stage.MostInFlight > 16, $"no more than {stage.MostInFlight} in flight");
    }

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{i}\n"));

    private static string Answers(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"a:{i}\n"));

    private static async Task<Result> RunAsync(
        ScriptedStage stage, string input, FlowOptions flow, IOutputSink? sink = null, ILikeness? likeness = null, Prices? prices = null,
        CancellationToken? interrupt = null)
    {
        using var output = new MemoryStream();
        var job = new PipeJob
        {
            Reader = new RecordSettings().Open(new MemoryStream(Encoding.UTF8.GetBytes(input))),
            Stage = stage,
            Writer = new AnswerTextWriter(new OnFail(FailAction.Blank), [], nul: false),
            Sink = sink ?? new StreamSink(output, _ => true),
            Flow = flow,
            Likeness = likeness,
            Prices = prices ?? Prices.Free,
        };
        using var run = new PipeRun(job, TimeProvider.System);
        StopReason reason = await run.RunAsync(interrupt ?? CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        return new Result(reason, Encoding.UTF8.GetString(output.ToArray()), run);
    }

    private sealed record Result(StopReason Reason, string Output, PipeRun Run);

    private sealed class VanishingSink : IOutputSink
    {
        public long Length => 0;

        public void Write(ReadOnlySpan<byte> bytes) => throw new ReaderGoneException(new IOException());

        public void Flush()
        {
            // Nothing is held.
        }

        public void Sync() => Flush();

        public void Dispose() => Flush();
    }

    private sealed class BlockingSink : IOutputSink
    {
        public TaskCompletionSource Blocked { get; } = new();

        public TaskCompletionSource Release { get; } = new();

        public long Length { get; private set; }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            Length += bytes.Length;
            if (Length < 1000)
                return;
            Blocked.TrySetResult();
            Release.Task.GetAwaiter().GetResult();
        }

        public void Flush()
        {
            // Nothing is held.
        }

        public void Sync() => Flush();

        public void Dispose() => Flush();
    }
}
