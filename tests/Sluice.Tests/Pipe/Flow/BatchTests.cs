using System.Text;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Journals;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Pipe.Flow;

/// <summary>Several records in one call: each is still answered exactly once, in its place.</summary>
public sealed class BatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("batch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_SeveralPerCall_CallsAreOfNeighboursAndAnswersInOrder()
    {
        var stage = new ScriptedBatchStage(new ScriptedStage());
        var run = await RunAsync(stage, Lines(10), new FlowOptions { RecordsPerCall = 4, Concurrency = 2 });
        Assert.Equal(Expected(10, _ => "t:"), run.Output);
        Assert.Equal(["0 1 2 3", "4 5 6 7", "8 9"], stage.Calls.Select(call => string.Join(' ', call)).Order());
        Assert.Equal((10, 10, 3), (run.Tally.Answered, run.Tally.Asked, run.Tally.Calls));
    }

    [Fact]
    public async Task Run_AnswersThatAreNotInTheCall_AreAskedForAlone()
    {
        var alone = new ScriptedStage();
        var stage = new ScriptedBatchStage(alone, text => text is "1" or "6" ? null : "t:" + text);
        var run = await RunAsync(stage, Lines(9), new FlowOptions { RecordsPerCall = 4 });
        Assert.Equal(Expected(9, i => i is 1 or 6 or 8 ? "a:" : "t:"), run.Output); // 8 was left over: a call of its own
        Assert.Equal(["1", "6", "8"], alone.Asked.Order());
        Assert.Equal(2 + 3, run.Tally.Calls);
    }

    [Fact]
    public async Task Run_ACallThatIsRefused_AsksEachAlone()
    {
        var stage = new ScriptedBatchStage(new ScriptedStage(), _ => throw new AnswerException("too long"));
        var run = await RunAsync(stage, Lines(6), new FlowOptions { RecordsPerCall = 3 });
        Assert.Equal(Expected(6, _ => "a:"), run.Output);
    }

    [Fact]
    public async Task Run_ASourceThatFails_FailsTheCallsRecordsAndIsNotAskedAgain()
    {
        var alone = new ScriptedStage();
        var down = new SourceException(SourceFailure.Unavailable, "down");
        var stage = new ScriptedBatchStage(alone, _ => throw new AnswerException("down", down));
        var run = await RunAsync(stage, Lines(6), new FlowOptions { RecordsPerCall = 3 });
        Assert.Equal(6, run.Tally.Failed);
        Assert.Empty(alone.Asked);
    }

    [Fact]
    public async Task Run_ACallsTokens_AreCountedOnce()
    {
        var usage = new Usage(10, 1, 0);
        var alone = new ScriptedStage((text, _) => Task.FromResult(new Answer(text) { Usage = usage }));
        var stage = new ScriptedBatchStage(alone, text => text == "2" ? null : text);
        var run = await RunAsync(stage, Lines(6), new FlowOptions { RecordsPerCall = 3 });
        Usage call = ScriptedBatchStage.CallUsage;
        Assert.Equal(
            (2 * call.PromptTokens + usage.PromptTokens, 2 * call.CompletionTokens + usage.CompletionTokens, 2 * call.CachedTokens),
            (run.Tally.PromptTokens, run.Tally.CompletionTokens, run.Tally.CachedTokens));
    }

    [Fact]
    public async Task Run_TheSameRecordTwiceInACall_IsAskedOnce()
    {
        var stage = new ScriptedBatchStage(new ScriptedStage());
        var run = await RunAsync(stage, "a\nb\na\na\nc\nd\n", new FlowOptions { RecordsPerCall = 3, Share = true, Concurrency = 1 });
        Assert.Equal("t:a\nt:b\nt:a\nt:a\nt:c\nt:d\n", run.Output);
        Assert.Equal(["a b", "c d"], stage.Calls.Select(call => string.Join(' ', call)));
        Assert.Equal(2, run.Tally.Shared);
    }

    [Fact]
    public async Task Run_AnInputThatPauses_DoesNotLeaveWhatCameWaiting()
    {
        var asked = new TaskCompletionSource();
        var alone = new ScriptedStage((text, _) =>
        {
            asked.TrySetResult();
            return Task.FromResult(new Answer("a:" + text));
        });
        var reader = new PausingReader(asked.Task); // record 2 comes only when record 1 was asked about
        var run = await RunAsync(new ScriptedBatchStage(alone), reader, new FlowOptions { RecordsPerCall = 10 }, null);
        Assert.Equal("a:1\na:2\n", run.Output);
    }

    [Fact]
    public async Task Resume_WithOtherCalls_AsksOnlyForWhatIsNotInTheJournal()
    {
        await RunAsync(new ScriptedBatchStage(new ScriptedStage()), Lines(7), new FlowOptions { RecordsPerCall = 3 }, journaled: true);
        var stage = new ScriptedBatchStage(new ScriptedStage());
        var run = await RunAsync(stage, Lines(12), new FlowOptions { RecordsPerCall = 5 }, journaled: true);
        Assert.Equal(["7 8 9 10 11"], stage.Calls.Select(call => string.Join(' ', call)));
        Assert.Equal(7, run.Tally.Journaled);
        Assert.Equal(Expected(12, i => i == 6 ? "a:" : "t:"), run.Output);
    }

    [Fact]
    public async Task Run_TooLittleMoneyForTheLastCall_EndsBeforeIt()
    {
        // The first call costs 101; the record that is left over would go beyond 150.
        var stage = new ScriptedBatchStage(new ScriptedStage());
        var flow = new FlowOptions { RecordsPerCall = 2, MaxCost = 150 };
        var run = await RunAsync(stage, Lines(3), flow, prices: new Sluice.Pipe.Reports.Prices(1e6, 0));
        Assert.Equal("t:0\nt:1\n", run.Output);
        Assert.Single(stage.Calls);
    }

    [Fact]
    public async Task Run_FailedAnswers_CostWhatTheyCost()
    {
        var stage = new ScriptedStage((_, _) => throw new AnswerException("of no use") { Usage = new Usage(9, 4, 0) });
        var run = await RunAsync(stage, Lines(3), new FlowOptions());
        Assert.Equal((27, 12), (run.Tally.PromptTokens, run.Tally.CompletionTokens));
    }

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{i}\n"));

    private static string Expected(int count, Func<int, string> mark) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"{mark(i)}{i}\n"));

    private Task<Result> RunAsync(Sluice.Pipe.Stages.IStage stage, string input, FlowOptions flow, bool journaled = false,
        Sluice.Pipe.Reports.Prices? prices = null) => RunAsync(
        stage, new RecordSettings().Open(new MemoryStream(Encoding.UTF8.GetBytes(input))), flow,
        journaled ? Path.Combine(_folder, "journal") : null, prices);

    private static async Task<Result> RunAsync(Sluice.Pipe.Stages.IStage stage, IRecordReader reader, FlowOptions flow, string? journal,
        Sluice.Pipe.Reports.Prices? prices = null)
    {
        using var output = new MemoryStream();
        await using JournalSession? session = journal is null ? null : await JournalSession.OpenAsync(
            journal, resume: true, null, new QuestionKey(1, 2), TimeProvider.System, null, TestContext.Current.CancellationToken);
        var job = new PipeJob
        {
            Reader = reader, Stage = stage, Flow = flow, Journal = session, Prices = prices ?? Sluice.Pipe.Reports.Prices.Free,
            Writer = new AnswerTextWriter(new OnFail(FailAction.Blank), [], nul: false), Sink = new StreamSink(output, _ => true),
        };
        using var run = new PipeRun(job, TimeProvider.System);
        await run.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        return new Result(Encoding.UTF8.GetString(output.ToArray()), run.Tally);
    }

    private sealed record Result(string Output, Sluice.Pipe.Reports.Tally Tally);

    private sealed class PausingReader(Task goOn) : IRecordReader
    {
        private int _number;

        public IReadOnlyList<string>? Columns => null;

        public async ValueTask<Sluice.Pipe.Records.Record?> ReadAsync(CancellationToken cancellation)
        {
            if (++_number == 2)
                await goOn.WaitAsync(cancellation);
            return _number > 2 ? null : new Sluice.Pipe.Records.Record
            {
                Number = _number, Offset = _number, Raw = default, Text = $"{_number}",
            };
        }
    }
}
