using System.Text;
using Sluice.Pipe;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Journals;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Sluice.Tests.Pipe.Flow;

namespace Sluice.Tests.Pipe.Journals;

/// <summary>What is in the journal is not asked again, wherever the run before ended.</summary>
public sealed class JournalTests : IDisposable
{
    private static readonly QuestionKey RunKey = new(1, 2);

    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;

    private string JournalPath => Path.Combine(_folder, "run.journal");

    private string OutputPath => Path.Combine(_folder, "out.txt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resume_JournalCutAnywhere_AsksOnlyForTheRestAndGivesTheSameOutput(bool toFile)
    {
        const int Records = 200;
        string whole = (await RunAsync(new ScriptedStage(), Records, toFile, resume: false)).Output;
        byte[] journal = await File.ReadAllBytesAsync(JournalPath, TestContext.Current.CancellationToken);
        var random = new Random(4);
        for (int round = 0; round < 12; round++)
        {
            // As the end of a process leaves them: a journal up to some byte, an output that is ahead of it or behind.
            byte[] kept = journal[..random.Next(journal.Length)];
            await File.WriteAllBytesAsync(JournalPath, kept, TestContext.Current.CancellationToken);
            if (toFile)
                await File.WriteAllTextAsync(OutputPath, whole[..random.Next(whole.Length)] + "torn", TestContext.Current.CancellationToken);
            int known = Encoding.UTF8.GetString(kept).Split('\n')[..^1].Count(line => line.Contains("\"answer\"", StringComparison.Ordinal));
            var stage = new ScriptedStage();
            Assert.Equal(whole, (await RunAsync(stage, Records, toFile, resume: true)).Output);
            Assert.Equal(Records - known, stage.Asked.Count);
        }
    }

    [Fact]
    public async Task Resume_FailuresOfTheRunBefore_AreAskedAgainAndTakeTheirPlace()
    {
        var failing = new ScriptedStage((text, _) => int.Parse(text) % 3 == 1 ? throw new AnswerException("no") : Task.FromResult(new Answer("a:" + text)));
        await RunAsync(failing, 30, toFile: true, resume: false);
        var stage = new ScriptedStage();
        var (output, _) = await RunAsync(stage, 30, toFile: true, resume: true);
        Assert.Equal(string.Concat(Enumerable.Range(0, 30).Select(i => $"a:{i}\n")), output);
        Assert.Equal(10, stage.Asked.Count);
    }

    [Fact]
    public async Task Resume_AWholeRun_AsksNothingAndLeavesTheOutput()
    {
        string whole = (await RunAsync(new ScriptedStage(), 50, toFile: true, resume: false)).Output;
        var stage = new ScriptedStage();
        Assert.Equal(whole, (await RunAsync(stage, 50, toFile: true, resume: true)).Output);
        Assert.Empty(stage.Asked);
    }

    [Fact]
    public async Task Resume_ACorruptLineInTheMiddle_CostsItsOwnRecord()
    {
        await RunAsync(new ScriptedStage(), 20, toFile: false, resume: false);
        string[] lines = await File.ReadAllLinesAsync(JournalPath, TestContext.Current.CancellationToken);
        lines[4] = lines[4].Replace("answer", "\0\0\0", StringComparison.Ordinal);
        await File.WriteAllTextAsync(JournalPath, string.Join('\n', lines) + "\n", TestContext.Current.CancellationToken);
        var stage = new ScriptedStage();
        await RunAsync(stage, 20, toFile: false, resume: true);
        Assert.Single(stage.Asked);
    }

    [Fact]
    public async Task Open_AJournalOfAnEarlierRun_IsRefusedWithoutResume()
    {
        await RunAsync(new ScriptedStage(), 3, toFile: false, resume: false);
        var fault = await Assert.ThrowsAsync<PipeException>(() => RunAsync(new ScriptedStage(), 3, toFile: false, resume: false));
        Assert.Contains("--resume", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AFileThatIsNoJournal_IsRefusedAndLeftAsItIs()
    {
        await File.WriteAllTextAsync(JournalPath, "my diary\n", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<PipeException>(() => RunAsync(new ScriptedStage(), 3, toFile: false, resume: true));
        Assert.Equal("my diary\n", await File.ReadAllTextAsync(JournalPath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Positions_MoreThanABlock_AreFoundInAnyOrder()
    {
        using var table = new PositionTable(_folder);
        for (int i = 0; i < 50_000; i++)
            table.Set((i * 7919L % 50_000) + 1, i);
        for (int i = 0; i < 50_000; i++)
            Assert.Equal(i, table.Find((i * 7919L % 50_000) + 1));
        Assert.Null(table.Find(60_000));
    }

    private async Task<(string Output, PipeRun Run)> RunAsync(ScriptedStage stage, int records, bool toFile, bool resume)
    {
        string input = string.Concat(Enumerable.Range(0, records).Select(i => $"{i}\n"));
        using var output = new MemoryStream();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        PipeRun run;
        await using (var session = await JournalSession.OpenAsync(
            JournalPath, resume, toFile ? OutputPath : null, RunKey, TimeProvider.System, null, cancellation))
        {
            using IOutputSink sink = toFile ? new FileSink(OutputPath, session.Checkpoint.Bytes) : new StreamSink(output, _ => true);
            run = new PipeRun(new PipeJob
            {
                Reader = new RecordSettings().Open(new MemoryStream(Encoding.UTF8.GetBytes(input))),
                Stage = stage,
                Writer = new AnswerTextWriter(new OnFail(FailAction.Blank), [], nul: false),
                Sink = sink,
                Journal = session,
            }, TimeProvider.System);
            await run.RunAsync(cancellation);
        }
        run.Dispose();
        return (toFile ? await File.ReadAllTextAsync(OutputPath, cancellation) : Encoding.UTF8.GetString(output.ToArray()), run);
    }
}
