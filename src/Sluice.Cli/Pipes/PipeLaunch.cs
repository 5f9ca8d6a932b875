using System.CommandLine;
using System.Globalization;
using System.Runtime;
using System.Text;
using Sluice.Cli.Json;
using Sluice.Cli.Streams;
using Sluice.Pipe;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Estimates;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Journals;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Sluice.Pipe.Reports;
using Sluice.Pipe.Stages;
using Sluice.Protocol.Requests;

namespace Sluice.Cli.Pipes;

/// <summary>Puts a run together from flags, runs it, and says how it ended.</summary>
/// <param name="plan">Reads the command's own flags, refusing what is wrong before anything is opened; what it gives makes the work of
/// an open source.</param>
internal sealed class PipeLaunch(
    Terminal terminal, PipeFlags flags, Func<ParseResult, PipeConfig, Func<PipeSource, PipeWork>> plan)
{
    private const int MostSharedAnswers = 100_000;

    public async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        PipeConfig config = flags.Source.ReadConfig(parsed, terminal);
        FlowOptions flow = flags.Flow.Read(parsed, flags.Output.ReadOnFail(parsed));
        if (flags.Live.ReadsEvents(parsed))
        {
            flow = flow.RecordsPerCall == 1
                ? flow with { Unordered = true }
                : throw new UsageException("--stream=jsonl tells of each record as it is answered: leave out -n.");
        }
        RecordSettings records = flags.Records.Read(parsed);
        flags.Records.ReadKey(parsed); // refuses what such records do not have, before anything is opened
        (string? journalPath, bool resume) = flags.Journal.Read(parsed);
        int? sample = flags.Estimate.ReadSample(parsed);
        Func<PipeSource, PipeWork> begin = plan(parsed, config);

        await using PipeSource source = await flags.Source.OpenAsync(terminal, parsed, config, cancellation);
        PipeWork work = begin(source);
        Prices? prices = flags.Source.ReadPrices(parsed) ?? source.Prices;
        await CheckAsync(work, source, flow, prices, cancellation);
        string? outputPath = flags.Output.ReadFile(parsed);
        var known = new List<(QuestionKey, Answer)>();
        await using JournalSession? journal = journalPath is null ? null : await JournalSession.OpenAsync(
            journalPath, resume, outputPath, RunKey(parsed, source), TimeProvider.System,
            flow.Share ? (key, answer) => Remember(known, key, answer) : null, cancellation);
        using var output = new StandardOutput();
        using IOutputSink sink = sample is not null
            ? new StreamSink(Stream.Null, _ => false)
            : outputPath is null
                ? new StreamSink(output, e => e is BrokenPipeException)
                : new FileSink(outputPath, journal?.Checkpoint.Bytes ?? 0);
        var redactor = new Redactor(source.Secrets);
        using var errors = new ErrorLog(terminal, redactor, flags.Output.ReadErrors(parsed));
        RecordTrace? trace = flags.View.ReadTrace(parsed) is { } number ? new RecordTrace(terminal, redactor, number) : null;
        using Stream input = StandardInput.Open(terminal);
        var job = new PipeJob
        {
            Reader = records.Open(input), Stage = work.Stage, Writer = work.Writer, Sink = sink, Flow = flow, Journal = journal,
            Likeness = flags.Flow.ReadLikeness(parsed), Prices = prices ?? Prices.Free, Keeps = work.Keeps,
            Live = flags.Live.Read(parsed, terminal, work, flow, sink),
            Ended = Watch(errors, trace),
        };
        if (sample is { } asked)
            return await EstimateAsync(job, source, prices, asked, parsed, redactor, cancellation);
        using StreamWriter? report = flags.View.OpenReport(parsed);
        using var run = new PipeRun(job, TimeProvider.System, known);
        var progress = new RunProgress(
            terminal, run, flags.View.ReadProgress(parsed), StandardInput.FindLength(), TimeProvider.System);
        try
        {
            StopReason reason = await RunAsync(job, work, run, progress, cancellation);
            report?.WriteLine(JsonText.Write(writer => progress.Write(writer, reason, fault: null)));
            trace?.End(run.Tally.Read);
            return ExitCodeOf(reason, run.Tally, work);
        }
        catch (PipeException e)
        {
            report?.WriteLine(JsonText.Write(writer => progress.Write(writer, reason: null, redactor.Clean(e.Message))));
            throw;
        }
    }

    /// <param name="sample">Records to ask about.</param>
    private async Task<int> EstimateAsync(
        PipeJob job, PipeSource source, Prices? prices, int sample, ParseResult parsed, Redactor redactor, CancellationToken cancellation)
    {
        var estimator = new Estimator(job, prices, flags.Source.ReadRates(parsed), source.IsLocal, TimeProvider.System);
        Estimate estimate = await estimator.RunAsync(sample, cancellation);
        var report = new EstimateReport(terminal, redactor, source.IsLocal);
        if (flags.Estimate.ReadJson(parsed))
            report.Write(estimate);
        else
            report.Show(estimate);
        return estimate.SampleFailed > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Refuses what the open source cannot do, before anything is asked.</summary>
    private static async Task CheckAsync(
        PipeWork work, PipeSource source, FlowOptions flow, Prices? prices, CancellationToken cancellation)
    {
        if (flow.MaxCost is not null && prices is null)
            throw new UsageException("--max-cost needs the price of tokens: add --price INPUT,OUTPUT (USD per million).");
        if (flow.RecordsPerCall > 1 && work.Stage is not IBatchStage { Batches: true })
        {
            throw new UsageException(work.Stage is LabelStage
                ? "A model in this process scores labels for each record by itself, after a prompt that is computed once: leave out -n."
                : "Answers of a grammar cannot be parts of one answer: leave out -n or --grammar.");
        }
        if (source.IsLocal && work.Stage is PromptStage prompt)
        {
            try
            {
                await prompt.CheckAsync(cancellation);
            }
            catch (InvalidRequestException e)
            {
                throw new UsageException(e.Message);
            }
        }
    }

    private static async Task<StopReason> RunAsync(
        PipeJob job, PipeWork work, PipeRun run, RunProgress progress, CancellationToken cancellation)
    {
        // A collection beside the work lets garbage pile up meanwhile, and long records are much garbage; nobody here waits for one answer.
        GCSettings.LatencyMode = GCLatencyMode.Batch;
        using var shown = new CancellationTokenSource();
        Task showing = progress.ShowAsync(lineIsFree: job.Live != LiveForm.Line, shown.Token);
        StopReason reason;
        try
        {
            reason = await run.RunAsync(cancellation);
            if (work.CountsOnly && reason == StopReason.InputEnded)
            {
                job.Sink.Write(Encoding.UTF8.GetBytes(run.Tally.Kept.ToString(CultureInfo.InvariantCulture) + "\n"));
                job.Sink.Flush();
            }
        }
        catch (ReaderGoneException)
        {
            reason = StopReason.ReaderGone;
        }
        finally
        {
            await shown.CancelAsync();
            await showing;
        }
        if (reason != StopReason.ReaderGone)
            progress.Sum(reason);
        return reason;
    }

    private int ExitCodeOf(StopReason reason, Tally tally, PipeWork work)
    {
        switch (reason)
        {
            case StopReason.Interrupted:
                return ExitCode.Interrupted;
            case StopReason.ReaderGone:
                return ExitCode.Done;
            case StopReason.InputEnded:
                bool keptNone = work.Keeps is not null && tally.Kept == 0 && tally.Read > 0;
                return tally.Failed > 0 || keptNone ? ExitCode.Failed : ExitCode.Done;
            default:
                terminal.Say(reason switch
                {
                    StopReason.Budget => "stopped: it would cost more than --max-cost",
                    StopReason.Deadline => "stopped: the time of --deadline is up",
                    _ => "stopped: too many records failed (--halt)",
                });
                return ExitCode.Stopped;
        }
    }

    private static Action<EndedRecord> Watch(ErrorLog errors, RecordTrace? trace) => ended =>
    {
        errors.Note(ended);
        trace?.Note(ended);
    };

    /// <summary>An earlier run's answers for --cache: as many as are kept anyway.</summary>
    private static void Remember(List<(QuestionKey, Answer)> known, QuestionKey key, Answer answer)
    {
        if (known.Count < MostSharedAnswers)
            known.Add((key, answer));
    }

    /// <summary>Of all that decides what the output looks like: the command line itself, but for what only says how it is made.</summary>
    private static QuestionKey RunKey(ParseResult parsed, PipeSource source)
    {
        string[] how =
        [
            "--resume", "--journal", "-j", "--concurrency", "--progress", "--report", "--trace", "--deadline",
            "--max-cost", "--halt", "--records-per-call", "--requests-per-minute", "--tokens-per-minute", "--price",
            "--hedge",
        ];
        var words = parsed.CommandResult.Command.Options
            .Where(option => !how.Contains(option.Name) && parsed.GetResult(option) is { Implicit: false })
            .SelectMany(option => parsed.GetResult(option)!.Tokens.Select(token => token.Value).Prepend(option.Name));
        string arguments = string.Join('\0', parsed.CommandResult.Tokens.Select(token => token.Value));
        return QuestionKey.Of(Encoding.UTF8.GetBytes(
            $"{parsed.CommandResult.Command.Name}\0{source.Model}\0{arguments}\0{string.Join('\0', words)}"));
    }
}
