using Sluice.Engine.Kv;
using Sluice.Engine.Requests;
using Sluice.Engine.Running;
using Sluice.Engine.Sampling;
using Sluice.Engine.Scheduling;
using Sluice.Models.Architectures;

namespace Sluice.Engine;

/// <summary>
/// The engine's one thread: plan, build, run, sample, commit, until told to stop. A fault fails the requests it touched, never the loop.
/// Nothing is allocated per token.
/// </summary>
internal sealed class EngineLoop : IStepControl, IDisposable
{
    private readonly Scheduler _scheduler;
    private readonly KvAllocator _kv;
    private readonly ModelRunner _runner;
    private readonly BatchBuilder _builder;
    private readonly Sampler _sampler;
    private readonly StepPlan _plan = new();
    private readonly float[] _logits;
    private readonly SemaphoreSlim _work = new(0);
    private readonly Thread _thread;
    private volatile bool _stopping;
    private int _running;
    private int _freeBlocks;
    private long _promptTokens;
    private long _cachedTokens;
    private long _generatedTokens;
    private long _preemptions;

    public EngineLoop(string name, EngineOptions options, RequestQueue queue, KvAllocator kv, ModelRunner runner, int vocabulary, int dim, int kvGroups)
    {
        _kv = kv;
        _runner = runner;
        _scheduler = new Scheduler(options, kv, queue);
        _builder = new BatchBuilder(options, kvGroups, dim);
        _sampler = new Sampler(vocabulary);
        _logits = new float[vocabulary];
        _freeBlocks = kv.FreeBlocks;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public EngineLoad Load(RequestQueue queue) => new(
        Volatile.Read(ref _running), queue.Count, queue.Tokens, Volatile.Read(ref _freeBlocks), _kv.Blocks, Volatile.Read(ref _preemptions),
        Volatile.Read(ref _promptTokens), Volatile.Read(ref _cachedTokens), Volatile.Read(ref _generatedTokens));

    /// <summary>Says that the queue changed.</summary>
    public void Wake() => _work.Release();

    /// <summary>Ends whatever runs, between two layers, and waits for the thread.</summary>
    public void Dispose()
    {
        _stopping = true;
        Wake();
        _thread.Join();
        _work.Dispose();
    }

    /// <summary>Nobody wants this step any more: all its readers have gone, or the engine stops.</summary>
    public bool Abandoned
    {
        get
        {
            if (_stopping)
                return true;
            for (int i = 0; i < _plan.Entries.Count; i++)
            {
                if (!_plan.Entries[i].Sequence.Generation.IsAborted)
                    return false;
            }
            return true;
        }
    }

    private void Run()
    {
        while (!_stopping)
        {
            EndAborted();
            _scheduler.Plan(_plan);
            Publish();
            if (_plan.Entries.Count == 0)
                _work.Wait();
            else
                Step();
        }
        while (_scheduler.Running.Count > 0)
            End(_scheduler.Running[^1], FinishReason.Shutdown);
        Publish();
    }

    private void Step()
    {
        try
        {
            _builder.Fill(_plan);
            if (!_runner.Run(_builder.Batch, this))
                return; // who was abandoned is ended at the top of the loop
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            for (int i = 0; i < _plan.Entries.Count; i++)
                End(_plan.Entries[i].Sequence, FinishReason.Failed, $"the model step failed: {e.Message}");
            return;
        }
        int output = 0;
        for (int i = 0; i < _plan.Entries.Count; i++)
            Commit(_plan.Entries[i], ref output);
    }

    private void Commit(PlannedSequence planned, ref int output)
    {
        var sequence = planned.Sequence;
        bool samples = planned.Samples, first = sequence.Length == sequence.PromptLength;
        _scheduler.Advance(planned);
        if (first)
            _promptTokens += planned.Tokens;
        if (!samples)
            return;
        _runner.ReadLogits(output++, _logits);
        int token = _sampler.Sample(_logits, sequence.Sampler, sequence.Length);
        if (token == Sampler.NotFinite)
        {
            End(sequence, FinishReason.Failed, $"the model gave logits that are not finite at position {sequence.Length - 1}; its weights are damaged");
            return;
        }
        sequence.Append(token);
        sequence.Sampler.Accept(token);
        sequence.Generation.Emit(token);
        _generatedTokens++;
        if (sequence.Request.StopTokens.Contains(token))
            End(sequence, FinishReason.Stop);
        else if (sequence.Length == sequence.MaxLength)
            End(sequence, FinishReason.Length);
    }

    private void EndAborted()
    {
        for (int i = _scheduler.Running.Count - 1; i >= 0; i--)
        {
            if (_scheduler.Running[i].Generation.IsAborted)
                End(_scheduler.Running[i], FinishReason.Aborted);
        }
    }

    private void End(Sequence sequence, FinishReason reason, string? error = null)
    {
        _scheduler.Remove(sequence);
        sequence.Generation.Finish(reason, error);
    }

    private void Publish()
    {
        Volatile.Write(ref _running, _scheduler.Running.Count);
        Volatile.Write(ref _freeBlocks, _kv.FreeBlocks);
        Volatile.Write(ref _preemptions, _scheduler.Preemptions);
        Volatile.Write(ref _cachedTokens, _scheduler.CachedTokens);
    }
}
