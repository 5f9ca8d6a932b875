using System.Buffers;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Journals;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Sluice.Pipe.Reports;
using Sluice.Pipe.Stages;

namespace Sluice.Pipe.Flow;

/// <summary>
/// One run: reads records, asks about N of them at once, and writes what came of them, in order. Read top to bottom:
/// <see cref="RunAsync"/>, the life of a run; then that of one record.
/// </summary>
public sealed class PipeRun : IDisposable
{
    // Comes before record 1.
    private const long Header = 0;

    // Records that came are not left to wait for others that may be long in coming.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly PipeJob _job;
    private readonly TimeProvider _time;
    private readonly ReorderWindow _window;
    private readonly ConcurrencyGate _gate;
    private readonly OrderedOutput _output;
    private readonly IBatchStage? _batches;
    private readonly ILiveStage? _stage;
    private readonly ILiveOutput? _live;
    private readonly SharedAnswers? _shared;
    private readonly JournalHistory? _history;
    private readonly Journal? _journal;
    private readonly CancellationTokenSource _now = new(), _soon = new();
    private readonly Lock _stopLock = new();
    private readonly List<Pending> _pending = [];
    private StopReason _reason;
    private Exception? _fault;
    private long _unordered;
    private bool _knowsCost;

    /// <param name="shared">Answers to begin with; null for none.</param>
    /// <exception cref="ArgumentException">Calls are to be about several records, but the stage asks about one at a time.</exception>
    public PipeRun(PipeJob job, TimeProvider time, IEnumerable<(QuestionKey Key, Answer Answer)>? shared = null)
    {
        _batches = job.Stage as IBatchStage;
        if (job.Flow.RecordsPerCall > 1 && _batches is not { Batches: true })
            throw new ArgumentException("the stage asks about one record at a time", nameof(job));
        _job = job;
        _time = time;
        _window = new ReorderWindow(new WindowLimits { Backlog = Math.Max(1024, 4 * job.Flow.Concurrency) }, Header);
        _gate = new ConcurrencyGate(job.Flow.Concurrency, job.Flow.Adaptive);
        _output = new OrderedOutput(_window, job.Sink, job.Journal, inOrder: !job.Flow.Unordered, time);
        _stage = job.Stage as ILiveStage;
        _live = (_stage is null || job.Flow.RecordsPerCall > 1 ? null : job.Live) switch
        {
            null => null,
            LiveForm.Events => new LiveEvents(_window, () => Interlocked.Increment(ref _unordered)),
            _ => new LiveLine(_window),
        };
        _shared = job.Flow.Share || job.Likeness is not null ? new SharedAnswers() : null;
        _history = job.Journal?.History;
        _journal = job.Journal?.Journal;
        foreach (var (key, answer) in shared ?? [])
            _shared?.Add(key, answer);
    }

    public Tally Tally { get; } = new();

    /// <summary>Calls in flight now.</summary>
    public int InFlight => _gate.InFlight;

    /// <summary>Calls that may be.</summary>
    public int Limit => _gate.Limit;

    /// <summary>
    /// Runs to the end of the input, or until something stops it. What had ended by then is written, in order, as far as it goes.
    /// </summary>
    /// <exception cref="PipeException">The input, the output or the journal failed.</exception>
    public async Task<StopReason> RunAsync(CancellationToken interrupt)
    {
        using var interrupted = interrupt.Register(() => Stop(StopReason.Interrupted, now: true));
        using ITimer? deadline = _job.Flow.Deadline is { } time
            ? _time.CreateTimer(_ => Stop(StopReason.Deadline, now: true), null, time, Timeout.InfiniteTimeSpan) : null;
        Task writing = Task.Run(WriteAsync, CancellationToken.None);
        PipeException? unreadable = null;
        try
        {
            await ReadAsync().ConfigureAwait(false);
        }
        catch (PipeException e)
        {
            unreadable = e; // what was read before is answered all the same
        }
        await AskRestAsync().ConfigureAwait(false);
        await WaitForAnswersAsync().ConfigureAwait(false);
        _window.Complete();
        await writing.ConfigureAwait(false);
        return (_fault ?? unreadable) is { } fault ? throw fault : _reason;
    }

    /// <summary>What was given up in flight may still look at the tokens, so those are left to the collector.</summary>
    public void Dispose() => _window.Dispose();

    private async Task WriteAsync()
    {
        try
        {
            await _output.RunAsync(_now.Token).ConfigureAwait(false);
        }
        catch (ReaderGoneException)
        {
            Stop(StopReason.ReaderGone, now: true);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            bool first = true;
            while (await ReadNextAsync().ConfigureAwait(false) is { } record)
            {
                if (first)
                    Begin();
                first = false;
                Tally.CountRead(record.Offset + record.Raw.Length);
                ValueTask room = _window.WaitForRoomAsync(Tally.Read, _soon.Token);
                if (!room.IsCompleted)
                    await AskPendingAsync().ConfigureAwait(false); // the window may be waiting for one of these
                await room.ConfigureAwait(false);
                await StartAsync(record).ConfigureAwait(false);
            }
            if (first)
                Begin();
        }
        catch (OperationCanceledException) when (_soon.IsCancellationRequested)
        {
            // Stop says why.
        }
    }

    private async ValueTask<Record?> ReadNextAsync()
    {
        ValueTask<Record?> read = _job.Reader.ReadAsync(_soon.Token);
        if (read.IsCompleted || _pending.Count == 0)
            return await read.ConfigureAwait(false);
        Task<Record?> slow = read.AsTask();
        if (await Task.WhenAny(slow, Task.Delay(LongestPause, _time, _soon.Token)).ConfigureAwait(false) != slow)
            await AskPendingAsync().ConfigureAwait(false);
        return await slow.ConfigureAwait(false);
    }

    /// <summary>Before anything is asked: the columns are known now.</summary>
    private void Begin()
    {
        if (_job.Reader.Columns is { } columns)
            _job.Stage.CheckColumns(columns);
        var header = new ArrayBufferWriter<byte>();
        _job.Writer.WriteHeader(_job.Reader.Columns, header);
        _window.Add(Header, new FinishedRecord(header.WrittenMemory, Failed: false));
    }

    private async Task AskRestAsync()
    {
        try
        {
            if (!_soon.IsCancellationRequested)
                await AskPendingAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_soon.IsCancellationRequested)
        {
            // Stop says why; what is in flight is waited for all the same.
        }
    }

    private async Task WaitForAnswersAsync()
    {
        try
        {
            await _gate.DrainAsync(_now.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Requests in flight are given up: nobody waits for them.
        }
    }

    /// <summary>What needs no asking ends here; the rest begins here and ends in its own time.</summary>
    private async ValueTask StartAsync(Record record)
    {
        if (record.IsBlank)
        {
            End(record, null, Outcome.Blank, default);
            return;
        }
        Question? question = record.Problem is null ? _job.Stage.Pose(record) : null;
        if ((record.Problem ?? question!.Problem) is { } problem)
        {
            End(record, null, Outcome.Failed(problem), default);
            return;
        }
        if (_history?.Find(record.Number, question!.Key) is { } entry)
        {
            Tally.CountJournaled();
            End(record, question, new Outcome(OutcomeKind.Answered, entry.Answer), default);
            return;
        }
        if (record.Number <= _job.Journal?.Checkpoint.Records)
        {
            throw new PipeException(PipeFault.Usage,
                $"record {record.Number} is not the one that the journal knows: " +
                "give the same input, or remove the output to have it written anew");
        }
        QuestionKey key = _job.Likeness?.KeyOf(record) ?? question!.Key;
        _pending.Add(new Pending(record, question!, key));
        if (_pending.Count >= _job.Flow.RecordsPerCall)
            await AskPendingAsync().ConfigureAwait(false);
    }

    /// <summary>One call about the records that were read since the last one.</summary>
    private async ValueTask AskPendingAsync()
    {
        if (_pending.Count == 0)
            return;
        await _gate.EnterAsync(_soon.Token).ConfigureAwait(false);
        if (WouldCostTooMuch())
        {
            _gate.Exit(took: null, failed: false);
            Stop(StopReason.Budget, now: false);
            _soon.Token.ThrowIfCancellationRequested();
        }
        _ = _pending is [var only] ? AskAloneAsync(only) : AskTogetherAsync([.. _pending]);
        _pending.Clear();
        if (_job.Flow.MaxCost is null || _knowsCost)
            return;
        await _gate.DrainAsync(_soon.Token).ConfigureAwait(false); // the first goes alone: how many may follow its cost decides
        _knowsCost = true;
    }

    private async Task AskAloneAsync(Pending one)
    {
        var (took, failed) = await AnswerAsync(one, AskAsync).ConfigureAwait(false);
        _gate.Exit(took, failed);

        async Task<Answer> AskAsync()
        {
            await Task.Yield(); // the reader reads on
            Tally.CountCalls(1);
            return await (_live is null
                ? _job.Stage.AnswerAsync(one.Question, _now.Token)
                : _stage!.AnswerAsync(one.Question, piece => _live.Add(one.Record.Number, piece), _now.Token)).ConfigureAwait(false);
        }
    }

    private async Task AskTogetherAsync(Pending[] batch)
    {
        var call = new BatchCall(_batches!);
        var each = batch.Select(one => AnswerAsync(one, () => call.Join(one.Question))).ToArray();
        await Task.Yield(); // the reader reads on
        await call.RunAsync(_now.Token).ConfigureAwait(false);
        Tally.CountCalls(call.Calls);
        var ended = await Task.WhenAll(each).ConfigureAwait(false);
        _gate.Exit(ended.Max(one => one.Took), failed: Array.TrueForAll(ended, one => one.Failed));
    }

    /// <summary>
    /// One record from its question to its end; whatever happens is its own. Asks before it first waits, so that of records that share an
    /// answer it is the first that is asked about.
    /// </summary>
    /// <returns>How long the source took, null where it was not asked, and whether it was asked and had no answer.</returns>
    private async Task<(TimeSpan? Took, bool Failed)> AnswerAsync(Pending one, Func<Task<Answer>> ask)
    {
        var (record, question, key) = one;
        long began = _time.GetTimestamp();
        try
        {
            Outcome outcome = await FindOutcomeAsync(key, ask).ConfigureAwait(false);
            TimeSpan time = _time.GetElapsedTime(began);
            if (outcome.Answer is { } answer)
                _journal?.Append(new JournalEntry(record.Number, record.Offset, question.Key, answer));
            else
                _journal?.AppendFailure(record.Number, record.Offset, question.Key, outcome.Problem!);
            End(record, question, outcome, time);
            return (outcome is { WasAsked: true, Answer: not null } ? time : null, outcome.Answer is null);
        }
        catch (OperationCanceledException) when (_now.IsCancellationRequested)
        {
            // The run was stopped: the record has not ended.
        }
        catch (Exception e)
        {
            Fail(e);
        }
        return (null, false);
    }

    private async Task<Outcome> FindOutcomeAsync(QuestionKey key, Func<Task<Answer>> ask)
    {
        try
        {
            var (answer, asked) = _shared is null
                ? (await CountAsync(ask()).ConfigureAwait(false), true)
                : await _shared.GetAsync(key, () => CountAsync(ask())).ConfigureAwait(false);
            if (!asked)
                Tally.CountShared();
            return new Outcome(OutcomeKind.Answered, answer) { WasAsked = asked, WasShown = asked && _live is not null };
        }
        catch (AnswerException e)
        {
            return Outcome.Failed(e.Message) with { WasAsked = true };
        }
    }

    private async Task<Answer> CountAsync(Task<Answer> asked)
    {
        try
        {
            Answer answer = await asked.ConfigureAwait(false);
            Tally.CountAsked(answer.Usage, _job.Prices);
            return answer;
        }
        catch (AnswerException e)
        {
            Tally.CountAsked(e.Usage, _job.Prices);
            throw;
        }
    }

    private void End(Record record, Question? question, Outcome outcome, TimeSpan took)
    {
        var bytes = new ArrayBufferWriter<byte>(64);
        _job.Writer.Write(record, outcome, bytes);
        Tally.CountEnded(outcome, kept: outcome.Kind == OutcomeKind.Answered && _job.Keeps?.Invoke(outcome) == true);
        _job.Ended?.Invoke(new EndedRecord(record, question, outcome, took));
        long place = _job.Flow.Unordered ? Interlocked.Increment(ref _unordered) : record.Number;
        ReadOnlyMemory<byte> rest = _live?.End(record.Number, bytes.WrittenMemory) ?? bytes.WrittenMemory;
        _window.Add(place, new FinishedRecord(rest, outcome.Kind == OutcomeKind.Failed));
        CheckLimits();
    }

    private void CheckLimits()
    {
        if (_job.Flow.Halt is { } halt && halt.IsMet(Tally.Failed, Tally.Ended))
            Stop(StopReason.Failures, halt.Now);
    }

    /// <summary>
    /// Whether one more call, which has its place already, goes beyond the budget: calls in flight will cost what those before them did.
    /// </summary>
    private bool WouldCostTooMuch()
    {
        long records = (long)_gate.InFlight * _job.Flow.RecordsPerCall;
        return _job.Flow.MaxCost is { } most && Tally.Cost + (records * (Tally.Cost / Math.Max(1, Tally.Asked))) > most;
    }

    private void Fail(Exception e)
    {
        lock (_stopLock)
            _fault ??= e;
        Stop(StopReason.Failures, now: true);
    }

    /// <summary>The first reason counts; a later stop may still be a harder one.</summary>
    /// <param name="now">Also gives up what is in flight.</param>
    private void Stop(StopReason reason, bool now)
    {
        lock (_stopLock)
        {
            if (!_soon.IsCancellationRequested)
                _reason = reason;
        }
        _soon.Cancel();
        if (now)
            _now.Cancel();
    }

    /// <summary>A record whose question waits for its call.</summary>
    private readonly record struct Pending(Record Record, Question Question, QuestionKey Key);
}
