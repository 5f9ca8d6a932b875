using Sluice.Engine.Kv;
using Sluice.Engine.Requests;
using Sluice.Engine.Running;
using Sluice.Engine.Scheduling;
using Sluice.Engine.Speculation;
using Sluice.Models.Architectures;

namespace Sluice.Engine;

/// <summary>
/// The engine's one thread: propose, plan, build, run, commit, until told to stop. A fault fails the requests it touched, never the loop.
/// Nothing is allocated per token.
/// </summary>
internal sealed class EngineLoop : IStepControl, IDisposable
{
    private readonly Scheduler _scheduler;
    private readonly KvAllocator _kv;
    private readonly ModelRunner _runner;
    private readonly BatchBuilder _builder;
    private readonly Speculator _speculator;
    private readonly StepCommit _commit;
    private readonly StepPlan _plan = new();
    private readonly StepPlan _single = new();
    private readonly TimeProvider _time;
    private readonly StepClock _clock;
    private readonly AutoResetEvent _work = new(false);
    private readonly RequestQueue _queue;
    private readonly Thread _thread;
    private readonly Lock _publishing = new();
    private StepPlan _current; // the one being run
    private volatile bool _stopping;
    private EngineLoad _load; // without the queue; guarded by _publishing

    public EngineLoop(
        string name, EngineOptions options, TimeProvider time, RequestQueue queue, KvAllocator kv, ModelRunner runner, int vocabulary,
        int dim, int kvGroups, IDraft? draft)
    {
        _time = time;
        _clock = new StepClock(time, options);
        _current = _plan;
        _kv = kv;
        _queue = queue;
        _runner = runner;
        _scheduler = new Scheduler(options, kv, queue);
        _builder = new BatchBuilder(options, kvGroups, dim);
        _speculator = new Speculator(options, draft, _clock.Costs);
        _commit = new StepCommit(_scheduler, runner, _speculator, vocabulary, dim);
        Publish();
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public EngineLoad Load
    {
        get
        {
            lock (_publishing)
                return _load with { Waiting = _queue.Count, WaitingTokens = _queue.Tokens };
        }
    }

    /// <summary>Says that the queue changed.</summary>
    public void Wake() => _work.Set();

    /// <summary>Ends whatever runs, between two layers, and waits for the thread.</summary>
    public void Dispose()
    {
        _stopping = true;
        Wake();
        _thread.Join();
        _speculator.Dispose();
        _work.Dispose();
    }

    /// <summary>Nobody wants this step any more: all its readers have gone, or the engine stops.</summary>
    public bool Abandoned
    {
        get
        {
            if (_stopping)
                return true;
            for (int i = 0; i < _current.Entries.Count; i++)
            {
                if (!_current.Entries[i].Sequence.Readers.Gone)
                    return false;
            }
            return true;
        }
    }

    /// <summary>Whether it ended, asked to or not; nothing submitted from then on would run.</summary>
    public bool Stopped => _stopping;

    private void Run()
    {
        (FinishReason Reason, Exception? Fault) end = (FinishReason.Shutdown, null);
        try
        {
            while (!_stopping)
            {
                EndUnwanted();
                _speculator.Propose(_scheduler.Running);
                _scheduler.Plan(_plan, _clock.Limits);
                Publish();
                if (_plan.Entries.Count == 0)
                    _work.WaitOne();
                else
                    Step();
            }
        }
        catch (Exception e)
        {
            // A fault outside any request's own work: the books may be wrong, so nothing more is computed; but nobody is left waiting.
            _stopping = true;
            end = (FinishReason.Failed, e);
        }
        while (_scheduler.Running.Count > 0)
            _commit.End(_scheduler.Running[^1], end.Reason, end.Fault);
        _queue.Close();
        while (_queue.TryPeek(out var waiting))
        {
            if (_queue.TryRemove(waiting))
                waiting.Readers.Finish(end.Reason, end.Fault);
        }
        Publish();
    }

    private void Step()
    {
        _clock.Begin();
        try
        {
            if (TryRun(_plan))
                _clock.End(_plan);
        }
        catch (Exception fault) when (_plan.Entries.Count == 1)
        {
            _commit.End(_plan.Entries[0].Sequence, FinishReason.Failed, fault);
        }
        catch (Exception)
        {
            RunOneByOne();
        }
    }

    /// <summary>
    /// After a fault of a step of several: who brought it about shows when each is computed alone, and fails alone with its own fault.
    /// </summary>
    private void RunOneByOne()
    {
        for (int i = 0; i < _plan.Entries.Count; i++)
        {
            var (sequence, tokens, _, _, drafted) = _plan.Entries[i];
            try
            {
                _single.Clear();
                _single.Add(sequence, tokens - drafted); // a draft is only for the step that it was made for
                TryRun(_single);
            }
            catch (Exception own)
            {
                _commit.End(sequence, FinishReason.Failed, own);
            }
        }
    }

    /// <summary>
    /// Computes a plan and what comes of it; false where nobody wanted it any more, so that all of it ends at the top of the loop.
    /// </summary>
    private bool TryRun(StepPlan plan)
    {
        _current = plan;
        _builder.Fill(plan);
        if (!_runner.Run(_builder.Batch, this))
            return false;
        _commit.Apply(plan, _builder.Batch);
        return true;
    }

    private void EndUnwanted()
    {
        var now = _time.GetUtcNow();
        while (_queue.TryRemoveExpired(now, out var waiting))
            waiting.Readers.Finish(FinishReason.Expired);
        for (int i = _scheduler.Running.Count - 1; i >= 0; i--)
        {
            var sequence = _scheduler.Running[i];
            if (sequence.Readers.Gone)
                _commit.End(sequence, FinishReason.Aborted);
            else if (sequence.IsExpired(now))
                _commit.End(sequence, FinishReason.Expired);
            else if (sequence.Request.Prompt.Adapter is { Ended: true })
                _commit.End(sequence, FinishReason.Unloaded);
        }
    }

    /// <summary>Shows others how things stand, between two steps: all figures are of one moment.</summary>
    private void Publish()
    {
        var kv = _kv.Load with { HitTokens = _scheduler.HitTokens, MissTokens = _scheduler.MissTokens };
        long pending = 0;
        for (int i = 0; i < _scheduler.Running.Count; i++)
            pending += _scheduler.Running[i].Decodes ? 0 : _scheduler.Running[i].Pending;
        lock (_publishing)
            _load = new EngineLoad(
                _scheduler.Running.Count, 0, 0, _scheduler.Preemptions, _commit.PromptTokens, _commit.GeneratedTokens, kv)
            {
                PendingTokens = pending, PromptTps = _clock.PromptTps, Drafts = _speculator.Load,
            };
    }
}
