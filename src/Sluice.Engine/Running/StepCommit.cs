using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Engine.Constraints;
using Sluice.Engine.Embedding;
using Sluice.Engine.Requests;
using Sluice.Engine.Sampling;
using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Running;

/// <summary>
/// What a step's result does to its sequences: counts what was computed, samples or pools, tells the readers, and ends who is done. For
/// the engine's thread; nothing is allocated per token.
/// </summary>
internal sealed class StepCommit(Scheduler scheduler, ModelRunner runner, int vocabulary, int dim)
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
            int row = planned.Samples ? output++ : -1;
            try
            {
                if (planned.Sequence.Pooler is { } pooler)
                    Pool(planned, pooler, batch.Sequences[i].FirstRow);
                else
                    Sample(planned, row);
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

    /// <param name="row">Its row of the logits; -1 where this step does not reach its end.</param>
    private void Sample(PlannedSequence planned, int row)
    {
        var sequence = planned.Sequence;
        if (sequence.Length == sequence.PromptLength)
            PromptTokens += planned.Tokens;
        scheduler.Advance(planned);
        if (row < 0)
            return;
        Append(sequence, Draw(sequence, row));
        if (sequence is { Running: true, Constraint: { } constraint, Request.Logprobs: null })
            AppendForced(sequence, constraint);
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

    private void Append(Sequence sequence, (int Token, TokenScores? Scores) drawn)
    {
        sequence.Append(drawn.Token);
        sequence.Readers.Emit(drawn.Token, drawn.Scores);
        GeneratedTokens++;
        bool stops = sequence.Request.StopTokens.Contains(drawn.Token);
        if (!stops && sequence.Constraint?.TryAccept(drawn.Token) == false)
            throw new SluiceException($"token {drawn.Token} was drawn against the answer's grammar");
        if (stops || sequence.Constraint?.IsFinished == true)
            End(sequence, FinishReason.Stop);
        else if (sequence.Length == sequence.MaxLength)
            End(sequence, FinishReason.Length);
    }

    /// <summary>
    /// Appends what the grammar leaves no choice about, without a step for each: the next one computes them together. Not where
    /// log-probabilities are wanted, which only a step gives.
    /// </summary>
    private void AppendForced(Sequence sequence, ITokenConstraint constraint)
    {
        int count = constraint.Forced(_forced);
        for (int i = 0; i < count && sequence.Running; i++)
            Append(sequence, (_forced[i], null));
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
