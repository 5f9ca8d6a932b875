using Sluice.Engine.Kv;
using Sluice.Engine.Requests;

namespace Sluice.Engine.Scheduling;

/// <summary>
/// Decides what each step computes. Pure: it reads counts, never token values, tensors or clocks. One rule covers everything: each step
/// every running sequence gets as many of its pending tokens as the step's budget and the blocks allow. A decode has one pending token, a
/// prompt many, so long prompts are computed in chunks beside the others' decodes.
/// </summary>
internal sealed class Scheduler(EngineOptions options, KvAllocator kv, RequestQueue queue)
{
    private readonly List<Sequence> _running = [];

    /// <summary>In order of admission.</summary>
    public IReadOnlyList<Sequence> Running => _running;

    /// <summary>Sequences put back for want of blocks, so far.</summary>
    public long Preemptions { get; private set; }

    /// <summary>Prompt tokens that came from the prefix cache, so far.</summary>
    public long HitTokens { get; private set; }

    /// <summary>Prompt tokens that did not, so far.</summary>
    public long MissTokens { get; private set; }

    /// <summary>Fills <paramref name="plan"/>; it stays empty only where nothing runs and nothing that waits can start.</summary>
    public void Plan(StepPlan plan)
    {
        plan.Clear();
        long preemptionsBefore = Preemptions;
        PlanRunning(plan, decodes: true); // whoever streams goes first; prompts share what is left
        PlanRunning(plan, decodes: false);
        if (Preemptions == preemptionsBefore)
            Admit(plan);
    }

    /// <summary>Records that a planned sequence's tokens were computed, and lets others find the blocks they filled.</summary>
    public void Advance(PlannedSequence planned)
    {
        int before = planned.Sequence.Computed;
        planned.Sequence.Computed += planned.Tokens;
        kv.Publish(planned.Sequence, before);
    }

    /// <summary>Takes a finished sequence out and frees its blocks.</summary>
    public void Remove(Sequence sequence)
    {
        _running.Remove(sequence);
        kv.Free(sequence);
    }

    private void PlanRunning(StepPlan plan, bool decodes)
    {
        for (int i = 0; i < _running.Count; i++)
        {
            var sequence = _running[i];
            int tokens = Math.Min(sequence.Pending, options.MaxStepTokens - plan.Tokens);
            if (tokens == 0 || sequence.Pending == 1 != decodes)
                continue;
            while (!kv.TryGrow(sequence, sequence.Computed + tokens))
            {
                var youngest = _running[^1];
                Preempt(youngest, plan);
                if (youngest == sequence)
                    return; // it was the last
            }
            plan.Add(sequence, tokens);
        }
    }

    /// <summary>Frees a sequence's blocks and lets it wait again; its tokens, answer included, are computed anew when its turn comes.</summary>
    private void Preempt(Sequence sequence, StepPlan plan)
    {
        plan.Remove(sequence);
        Remove(sequence);
        Preemptions++;
        queue.PutBack(sequence);
        // Its reader may have left just now, when it was not in the queue to be taken out.
        if (sequence.Generation.IsAborted && queue.TryRemove(sequence))
            sequence.Generation.Finish(FinishReason.Aborted);
    }

    private void Admit(StepPlan plan)
    {
        while (_running.Count < options.MaxSequences && plan.Tokens < options.MaxStepTokens && queue.TryPeek(out var sequence))
        {
            kv.TakePrefix(sequence);
            int tokens = Math.Min(sequence.Pending, options.MaxStepTokens - plan.Tokens);
            bool fits = kv.TryGrow(sequence, sequence.Computed + tokens);
            if (!fits || !queue.TryRemove(sequence)) // no room yet; or its reader gave up while we looked
            {
                kv.Free(sequence);
                if (!fits)
                    return;
                continue;
            }
            _running.Add(sequence);
            plan.Add(sequence, tokens);
            if (sequence.Started)
                continue; // it ran before and was put back
            sequence.Started = true;
            sequence.Generation.CachedTokens = sequence.Computed;
            HitTokens += sequence.Computed;
            MissTokens += sequence.PromptLength - sequence.Computed;
        }
    }
}
