using Sluice.Core.Steps;
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
    private const int WorthWaiting = 4; // one token in so many, spared by waiting for a step of another's prompt

    private readonly List<Sequence> _running = [];
    private readonly PromptOrder _prompts = new();

    /// <summary>In the order of their turns.</summary>
    public IReadOnlyList<Sequence> Running => _running;

    /// <summary>Sequences put back for want of blocks, so far.</summary>
    public long Preemptions { get; private set; }

    /// <summary>Prompt tokens that came from the prefix cache, so far.</summary>
    public long HitTokens { get; private set; }

    /// <summary>Prompt tokens that did not, so far.</summary>
    public long MissTokens { get; private set; }

    /// <summary>Fills <paramref name="plan"/>; it stays empty only where nothing runs and nothing that waits can start.</summary>
    public void Plan(StepPlan plan, PromptLimits limits)
    {
        plan.Clear();
        queue.NextStep();
        if (options.Batching == Batching.Static)
            limits = new PromptLimits(options.MaxStepTokens, options.MaxStepTokens);
        if (options.Batching == Batching.Continuous || _running.Count == 0)
            Admit(limits);
        PlanDecodes(plan); // whoever streams goes first; prompts share what is left
        PlanPrompts(plan, limits);
        PlanDrafts(plan); // takes nothing from anybody
    }

    /// <summary>
    /// Records that a planned sequence's tokens were computed, and lets others find the blocks they filled. Blocks that only refused tokens
    /// of a draft needed are taken back; what those left in others is written over by the tokens that come in their place.
    /// </summary>
    /// <param name="accepted">Tokens of its draft that it has taken over.</param>
    public void Advance(PlannedSequence planned, int accepted = 0)
    {
        var sequence = planned.Sequence;
        int before = sequence.Computed;
        sequence.Computed += planned.Tokens - planned.Drafted + accepted;
        kv.Publish(sequence, before);
        if (accepted < planned.Drafted)
            kv.Shrink(sequence);
        Charge(sequence);
    }

    /// <summary>
    /// Runs one more sequence of a request that scores labels, for a node behind the one that <paramref name="trunk"/> has just computed, from
    /// what that has stored; false where there is no place or block, or somebody waits for one: then the trunk does it later.
    /// </summary>
    public bool TryBranch(Sequence trunk, int node)
    {
        if (_running.Count >= options.MaxSequences || queue.Count > 0)
            return false;
        var branch = trunk.Branch(node, kv.BlockTokens);
        if (!kv.TryBranch(trunk, branch))
            return false;
        branch.GoToNode();
        queue.Join(branch);
        Insert(branch);
        return true;
    }

    /// <summary>Takes a finished sequence out and frees its blocks.</summary>
    public void Remove(Sequence sequence)
    {
        if (TakeOut(sequence))
            queue.Leave(sequence);
    }

    private void PlanDecodes(StepPlan plan)
    {
        for (int i = 0; i < _running.Count; i++)
        {
            if (_running[i].Decodes && TryGrow(_running[i], 1, plan))
                Add(_running[i], 1, plan);
        }
    }

    /// <summary>Takes in who waits, in turn, while there are places and blocks for whole prompts. It never preempts.</summary>
    private void Admit(PromptLimits limits)
    {
        while (_running.Count < options.MaxSequences && queue.TryPeek(out var sequence))
        {
            bool fits = Follows(sequence) ? kv.HasRoom(sequence, _running, options.MaxStepTokens) : TryBegin(sequence, limits);
            if (fits && queue.TryTake(sequence))
            {
                Insert(sequence);
                continue;
            }
            kv.Free(sequence);
            if (!fits)
                return; // no room yet; otherwise its reader gave up while we looked
        }
    }

    /// <summary>
    /// Gives a newcomer its cached prefix and blocks to begin with, where its whole prompt fits beside the rest of those that run.
    /// </summary>
    private bool TryBegin(Sequence sequence, PromptLimits limits)
    {
        kv.TakePrefix(sequence);
        if (!kv.HasRoom(sequence, _running, options.MaxStepTokens))
            return false;
        kv.ExtendPrefix(sequence);
        return kv.TryGrow(sequence, sequence.Computed + Reach(sequence, limits.Alone));
    }

    /// <summary>Keeps the order of turns, so that the last is always the one to give way.</summary>
    private void Insert(Sequence sequence)
    {
        int place = _running.Count;
        while (place > 0 && _running[place - 1].Turn.CompareTo(sequence.Turn) > 0)
            place--;
        _running.Insert(place, sequence);
        sequence.Running = true;
    }

    private void PlanPrompts(StepPlan plan, PromptLimits limits)
    {
        foreach (var sequence in _prompts.Of(_running))
        {
            if (!sequence.Running || Follows(sequence)) // preempted just now; or better off waiting
                continue;
            if (!sequence.HasBlocks)
            {
                kv.TakePrefix(sequence);
                kv.ExtendPrefix(sequence);
            }
            int room = Math.Min((plan.Delivers ? limits.Beside : limits.Alone) - plan.PromptTokens, options.MaxStepTokens - plan.Tokens);
            int tokens = Reach(sequence, room);
            if (tokens <= 0)
                sequence.PassedOver++;
            else if (TryGrow(sequence, tokens, plan))
                Add(sequence, tokens, plan);
        }
    }

    /// <summary>
    /// How many of at most <paramref name="room"/> tokens a step can compute of a sequence: where blocks are chosen by attention, not
    /// beyond the next choice.
    /// </summary>
    private int Reach(Sequence sequence, int room)
    {
        int interval = KvRetention.ChoiceTokens(kv.BlockTokens);
        int pending = sequence.Attention is null ? sequence.Pending
            : Math.Min(sequence.Pending, interval - sequence.Computed % interval);
        return Math.Min(pending, room);
    }

    /// <summary>Drafts get what is left of the step and of the free blocks.</summary>
    private void PlanDrafts(StepPlan plan)
    {
        for (int i = 0; i < plan.Entries.Count; i++)
        {
            var planned = plan.Entries[i];
            int drafted = Math.Min(planned.Sequence.Drafted, options.MaxStepTokens - plan.Tokens);
            if (planned.Decodes && drafted > 0 && kv.TryGrow(planned.Sequence, planned.Sequence.Length + drafted))
                plan.Extend(i, drafted);
        }
    }

    private void Add(Sequence sequence, int tokens, StepPlan plan)
    {
        plan.Add(sequence, tokens);
        sequence.PassedOver = 0;
        if (sequence.Started)
            return;
        sequence.Started = true;
        sequence.Readers.Begin(sequence.Computed);
        sequence.Charged = sequence.Computed;
        HitTokens += sequence.Computed;
        MissTokens += sequence.PromptLength - sequence.Computed;
    }

    /// <summary>
    /// Whether a prompt that is being computed will have stored a block of what this one would have to compute, and more than a quarter of it:
    /// then that is waited for instead of computed twice.
    /// </summary>
    private bool Follows(Sequence sequence)
    {
        if (sequence.HasBlocks || !kv.UsesPrefixes(sequence))
            return false;
        int known = -1;
        foreach (var other in _running)
        {
            if (other == sequence || !other.HasBlocks || other.Computed >= other.PromptLength)
                continue;
            int shared = Math.Min(other.Request.Prompt.Shared(sequence.Request.Prompt, kv.BlockTokens), sequence.PromptLength - 1);
            if (other.Computed >= shared || shared < kv.BlockTokens || WorthWaiting * shared <= sequence.Length)
                continue;
            known = known < 0 ? kv.FindPrefix(sequence.Request.Prompt) : known;
            if (shared - known >= kv.BlockTokens && WorthWaiting * (shared - known) > sequence.Length - known)
                return true;
        }
        return false;
    }

    /// <summary>
    /// Makes room for more tokens of a running sequence, at the expense of those whose turn is last; false where that is itself.
    /// </summary>
    private bool TryGrow(Sequence sequence, int tokens, StepPlan plan)
    {
        while (!kv.TryGrow(sequence, sequence.Computed + tokens))
        {
            var last = _running[^1];
            Preempt(last, plan);
            if (last == sequence)
                return false;
        }
        return true;
    }

    /// <summary>
    /// Frees a sequence's blocks and lets it wait again; its tokens, answer included, are computed anew when its turn comes.
    /// </summary>
    private void Preempt(Sequence sequence, StepPlan plan)
    {
        plan.Remove(sequence);
        TakeOut(sequence);
        Preemptions++;
        queue.PutBack(sequence);
        // Its last reader may have left just now, when it was not in the queue to be taken out.
        if (sequence.Readers.Gone && queue.TryRemove(sequence))
            sequence.Readers.Finish(FinishReason.Aborted);
    }

    private bool TakeOut(Sequence sequence)
    {
        sequence.Running = false;
        kv.Free(sequence);
        return _running.Remove(sequence);
    }

    /// <summary>Counts what was computed to its tenant, but not what preemption makes compute again.</summary>
    private void Charge(Sequence sequence)
    {
        int prompt = Math.Max(0, Math.Min(sequence.Computed, sequence.PromptLength) - sequence.Charged);
        int generated = Math.Max(0, sequence.Computed - Math.Max(sequence.Charged, sequence.PromptLength));
        if (prompt + generated == 0)
            return;
        queue.Charge(sequence, prompt + FairShares.GeneratedWeight * generated);
        sequence.Charged = sequence.Computed;
    }
}
