using System.Text;
using System.Text.Json;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Sluice.Pipe.Stages;
using Record = Sluice.Pipe.Records.Record;

namespace Sluice.Tests.Pipe.Flow;

/// <summary>Answers that are seen while they are being written.</summary>
public sealed class LiveTests : IDisposable
{
    private readonly WatchedSink _sink = new();

    public void Dispose() => _sink.Dispose();

    [Fact]
    public async Task Line_TheRecordWhoseTurnItIs_IsSeenBeforeItHasEnded()
    {
        var stage = new TellingStage(async (record, tell) =>
        {
            if (record == "b")
            {
                tell("second");
                return new Answer("second");
            }
            string told = "  ";
            tell(told);
            while (!_sink.Text.Contains('x', StringComparison.Ordinal))
            {
                tell("x");
                told += "x";
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
            tell("\nö ");
            return new Answer((told + "\nö ").Trim());
        });
        await RunAsync(stage, "a\nb\n", LiveForm.Line);
        Assert.Matches("^x+ ö\nsecond\n$", _sink.Text);
    }

    [Fact]
    public async Task Line_ARecordThatFailsHalfway_KeepsWhatWasSeenAndThenItsOwnLine()
    {
        var stage = new TellingStage(async (record, tell) =>
        {
            while (record == "a" && !_sink.Text.Contains('x', StringComparison.Ordinal))
            {
                tell("x");
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
            return record == "a" ? throw new AnswerException("no") : new Answer("second");
        });
        await RunAsync(stage, "a\nb\n", LiveForm.Line, new AnswerTextWriter(new OnFail(FailAction.Mark, "FAILED"), [], nul: false));
        Assert.Matches("^x+\nFAILED\nsecond\n$", _sink.Text);
    }

    [Fact]
    public async Task Events_OfEachRecord_AreItsPiecesInOrderAndThenItsEnd()
    {
        var stage = new TellingStage(async (record, tell) =>
        {
            for (int i = 0; i < 5; i++)
            {
                tell($"{record}{i} ");
                await Task.Yield();
            }
            return record == "7" ? throw new AnswerException("no") : new Answer($"whole {record}");
        });
        await RunAsync(stage, string.Concat(Enumerable.Range(1, 40).Select(i => $"{i}\n")), LiveForm.Events, new EventWriter());
        var events = _sink.Text.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line))
            .GroupBy(one => one.GetProperty("id").GetInt32());
        Assert.Equal(Enumerable.Range(1, 40), events.Select(group => group.Key).Order());
        foreach (var record in events)
        {
            Assert.Equal(
                Enumerable.Range(0, 5).Select(i => $"{record.Key}{i} "),
                record.SkipLast(1).Select(one => one.GetProperty("delta").GetString()));
            Assert.Equal(record.Key == 7 ? "failed" : "ok", record.Last().GetProperty("status").GetString());
            Assert.Equal(record.Key == 7, record.Last().TryGetProperty("error", out _));
        }
    }

    [Fact]
    public async Task Events_AnswersThatNobodySawWritten_AreOnePiece()
    {
        var stage = new TellingStage((record, tell) =>
        {
            tell("one ");
            tell("two");
            return Task.FromResult(new Answer("one two"));
        });
        await RunAsync(stage, "same\nsame\n\n", LiveForm.Events, new EventWriter(), new FlowOptions { Share = true, Concurrency = 1 });
        string[] lines = _sink.Text.TrimEnd().Split('\n');
        Assert.Equal(
            ["""{"id":1,"delta":"one "}""", """{"id":1,"delta":"two"}""", """{"id":1,"status":"ok"}"""],
            lines.Where(line => line.Contains("\"id\":1,", StringComparison.Ordinal)));
        Assert.Equal(
            ["""{"id":2,"delta":"one two"}""", """{"id":2,"status":"ok"}"""],
            lines.Where(line => line.Contains("\"id\":2,", StringComparison.Ordinal)));
        Assert.Contains("""{"id":3,"status":"blank"}""", lines);
    }

    private async Task RunAsync(ILiveStage stage, string input, LiveForm form, IOutcomeWriter? writer = null, FlowOptions? flow = null)
    {
        using var run = new PipeRun(new PipeJob
        {
            Reader = new RecordSettings().Open(new MemoryStream(Encoding.UTF8.GetBytes(input))),
            Stage = stage,
            Writer = writer ?? new AnswerTextWriter(new OnFail(FailAction.Blank), [], nul: false),
            Sink = _sink,
            Flow = (flow ?? new FlowOptions()) with { Unordered = form == LiveForm.Events },
            Live = form,
        }, TimeProvider.System);
        await run.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    /// <summary>Tells what a test says of each record, and answers that.</summary>
    private sealed class TellingStage(Func<string, Action<string>, Task<Answer>> answer) : ILiveStage
    {
        public void CheckColumns(IReadOnlyList<string> columns)
        {
            // Any will do.
        }

        public Question Pose(Record record) => new(Encoding.UTF8.GetBytes(record.Text)) { Record = record.Number };

        public ValueTask<int> CountTokensAsync(IReadOnlyList<Question> questions, CancellationToken cancellation) => new(0);

        public Task<Answer> AnswerAsync(Question question, CancellationToken cancellation) =>
            throw new InvalidOperationException("a run that shows answers listens to them");

        public Task<Answer> AnswerAsync(Question question, Action<string>? onText, CancellationToken cancellation) =>
            answer(Encoding.UTF8.GetString(question.Body.Span), onText!);
    }

    /// <summary>What has come out so far can be looked at from any thread.</summary>
    private sealed class WatchedSink : IOutputSink
    {
        private readonly Lock _lock = new();
        private readonly List<byte> _bytes = [];

        public string Text
        {
            get { lock (_lock) return Encoding.UTF8.GetString(_bytes.ToArray()); }
        }

        public long Length => _bytes.Count;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            lock (_lock)
                _bytes.AddRange(bytes);
        }

        public void Flush()
        {
            // It is seen at once.
        }

        public void Sync() => Flush();

        public void Dispose() => Flush();
    }
}
