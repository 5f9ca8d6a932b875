using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Engine.Embedding;
using Sluice.Engine.Labels;
using Sluice.Engine.Requests;
using Sluice.Engine.Sampling;
using Sluice.Engine.Scheduling;
using Sluice.Engine.Speculation;

namespace Sluice.Engine.Running;

/// <summary>
/// What a step's result does to its sequences: counts what was computed, samples or pools, tells the readers, and ends who is done. For
/// the engine's thread; nothing is allocated per token.
/// </summary>
internal sealed class StepCommit(Scheduler scheduler, ModelRunner runner, Speculator speculator, int vocabulary, int dim)
{
    private const int MaxForced = 64; // tokens at a time; what is forced beyond comes after the next step

    private readonly Sampler _sampler = new(vocabulary);
    private readonly int[] _forced = new int[MaxForced];
    private readonly float[] _hidden = new float[dim];

    /// <summary>Prompt tokens computed, so far.</summary>
    public long PromptTokens { get; private set; }

    /// <summary>Tokens sampled, so far.</summary>
    public long GeneratedTokens { get; private set; }

    /// <summary>Takes over what a step computed. A fault of one sequence ends that one.</summary>
    /// <param name="batch">The batch that was made of the plan and run.</param>
    public void Apply(StepPlan plan, StepBatch batch)
    {
        int output = 0;
        for (int i = 0; i < plan.Entries.Count; i++)
        {
            var planned = plan.Entries[i];
            int row = output;
            output += planned.Outputs;
            planned.Sequence.Attention?.Add(batch.Attention(i));
            try
            {
                if (planned.Sequence.Pooler is { } pooler)
                    Pool(planned, pooler, batch.Sequences[i].FirstRow);
                else if (planned.Sequence.Labels is { } labels)
                    Score(planned, labels, row);
                else
                    Generate(planned, row);
            }
            catch (Exception e)
            {
                End(planned.Sequence, FinishReason.Failed, e);
            }
        }
    }

    public void End(Sequence sequence, FinishReason reason, Exception? fault = null, float[]? embedding = null)
    {
        scheduler.Remove(sequence);
        sequence.Readers.Finish(reason, fault, embedding);
    }

    /// <param name="row">Its first row of the logits, where this step reaches its end.</param>
    private void Generate(PlannedSequence planned, int row)
    {
        var sequence = planned.Sequence;
        if (sequence.Length == sequence.PromptLength)
            PromptTokens += planned.Tokens;
        int accepted = 0;
        FinishReason? end = null;
        if (planned.Samples)
            end = Extend(planned, row, out accepted);
        scheduler.Advance(planned, accepted);
        if (planned.Decodes)
            speculator.Learn(sequence, planned.Drafted, accepted);
        if (end is { } reason)
            End(sequence, reason);
    }

    /// <summary>
    /// Draws the next token, and as long as that is the one that the draft proposed, the one after it too: each with the draw that its
    /// place has anyway. So it comes to the same tokens as one by one, whatever was proposed. What the grammar leaves no choice about is
    /// appended without a draw: the next step computes what the draft had not. Not where log-probabilities are wanted, which only a step
    /// gives.
    /// </summary>
    /// <param name="accepted">Tokens of the draft that came true.</param>
    /// <returns>Why the sequence has ended; null where it goes on.</returns>
    private FinishReason? Extend(PlannedSequence planned, int row, out int accepted)
    {
        var sequence = planned.Sequence;
        var constraint = sequence.Request.Logprobs is null ? sequence.Constraint : null;
        accepted = 0;
        bool agrees = true;
        FinishReason? end = null;
        while (agrees && end is null)
        {
            end = Append(planned, Draw(sequence, row + accepted), ref accepted, ref agrees);
            int forced = end is null && constraint is not null ? constraint.Forced(_forced) : 0;
            for (int i = 0; i < forced && end is null; i++)
                end = Append(planned, (_forced[i], null), ref accepted, ref agrees);
        }
        return end;
    }

    /// <summary>
    /// Takes the logits of the node that a sequence is at, and sends it on to the next; what of the others there is a place for goes on at
    /// the same time.
    /// </summary>
    /// <param name="row">Its row of the logits, where this step reaches its end.</param>
    private void Score(PlannedSequence planned, LabelPath labels, int row)
    {
        var sequence = planned.Sequence;
        PromptTokens += planned.Tokens;
        scheduler.Advance(planned);
        if (!planned.Samples)
            return;
        runner.ReadLogits(row, _sampler.Row);
        labels.Scorer.See(labels.Node, _sampler.Row);
        var children = labels.Scorer.Tree.ChildrenOf(labels.Node);
        for (int c = 1; c < children.Count; c++)
        {
            if (!scheduler.TryBranch(sequence, children[c]))
                labels.LeaveAside(children[c]);
        }
        if (labels.TryGoOn())
            sequence.GoToNode();
        else if (labels.Scorer.Complete)
            End(sequence, FinishReason.Scored);
        else
            scheduler.Remove(sequence); // others of its request go on
    }

    /// <summary>The token after the sequence's last, and what the request wants to know about it.</summary>
    private (int Token, TokenScores? Scores) Draw(Sequence sequence, int row)
    {
        runner.ReadLogits(row, _sampler.Row);
        int? best = sequence.Request.Logprobs;
        if (best is not null)
            _sampler.ReadLogprobs(best.Value);
        if (sequence.Constraint?.Mask(_sampler.Row) == false)
            throw new SluiceException("no token of the model's vocabulary can go on the answer's grammar here");
        int token = _sampler.Sample(sequence.Sampler, sequence.Tokens, sequence.PromptLength);
        if (token == Sampler.NotFinite)
            throw new SluiceException(
                $"the model gave logits that are not finite at position {sequence.Length - 1}; its weights are damaged");
        return (token, best is null ? null : _sampler.LogprobsOf(token));
    }

    /// <param name="agrees">Whether everything appended in this step was in the draft.</param>
    private FinishReason? Append(PlannedSequence planned, (int Token, TokenScores? Scores) next, ref int accepted, ref bool agrees)
    {
        var sequence = planned.Sequence;
        agrees = agrees && accepted < planned.Drafted && sequence.Draft[0] == next.Token;
        accepted += agrees ? 1 : 0;
        sequence.Append(next.Token);
        sequence.Readers.Emit(next.Token, next.Scores);
        GeneratedTokens++;
        bool stops = sequence.Request.StopTokens.Contains(next.Token);
        if (!stops && sequence.Constraint?.TryAccept(next.Token) == false)
            throw new SluiceException($"token {next.Token} was drawn against the answer's grammar");
        return stops || sequence.Constraint?.IsFinished == true ? FinishReason.Stop
            : sequence.Length == sequence.MaxLength ? FinishReason.Length
            : null;
    }

    /// <param name="firstRow">Its first row in the batch.</param>
    private void Pool(PlannedSequence planned, HiddenPooler pooler, int firstRow)
    {
        var sequence = planned.Sequence;
        bool completes = planned.Completes;
        int skipped = pooler.NeedsEveryPosition ? 0 : completes ? planned.Tokens - 1 : planned.Tokens;
        for (int r = skipped; r < planned.Tokens; r++)
        {
            runner.ReadHidden(firstRow + r, _hidden);
            pooler.Add(sequence.Computed + r, _hidden);
        }
        PromptTokens += planned.Tokens;
        scheduler.Advance(planned);
        if (completes)
            End(sequence, FinishReason.Embedded, embedding: pooler.Result());
    }
}
