using Sluice.Core.Steps;
using Sluice.Engine.Requests;
using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Running;

/// <summary>Turns a plan into the batch that the model reads, in buffers that are reused.</summary>
internal sealed class BatchBuilder
{
    private readonly int _dim;
    private readonly int _blockTokens;

    /// <param name="dim">Width of a given embedding.</param>
    public BatchBuilder(EngineOptions options, int kvGroups, int dim)
    {
        _dim = dim;
        _blockTokens = options.BlockTokens;
        Span<int> stride = stackalloc int[kvGroups];
        stride.Fill((options.ContextTokens + options.BlockTokens - 1) / options.BlockTokens);
        Batch = new StepBatch(options.MaxStepTokens, options.MaxSequences, stride);
    }

    public StepBatch Batch { get; }

    public void Fill(StepPlan plan)
    {
        Batch.Clear();
        for (int i = 0; i < plan.Entries.Count; i++)
            Add(plan.Entries[i]);
    }

    private void Add(PlannedSequence planned)
    {
        var sequence = planned.Sequence;
        int first = sequence.Computed;
        var prompt = sequence.Request.Prompt;
        var ids = Batch.AddSequence(
            planned.Tokens, first, out int index, prompt.Retention, prompt.Adapter?.Number ?? 0, sequence.RemovedBlocks * _blockTokens);
        sequence.TokensAndDraft.Slice(first, planned.Tokens).CopyTo(ids);
        for (int g = 0; g < sequence.Blocks.Length; g++)
            sequence.Blocks[g].Span.CopyTo(Batch.WritableBlockTable(g, index));
        AddEmbedded(prompt, first, ids);
        if (sequence.Pooler is not null)
            Batch.WantsHidden = true;
        for (int back = planned.Outputs; back > 0; back--)
            Batch.AddOutputRow(Batch.Rows - back);
    }

    private void AddEmbedded(Prompt prompt, int first, Span<int> ids)
    {
        int firstRow = Batch.Rows - ids.Length;
        for (int i = 0; i < prompt.Embedded.Count; i++)
        {
            var (position, values) = prompt.Embedded[i];
            int from = Math.Max(first, position), to = Math.Min(first + ids.Length, position + values.Length / _dim);
            if (from >= to)
                continue;
            ids[(from - first)..(to - first)].Clear(); // any valid id; its row is overwritten
            Batch.AddEmbedded(firstRow + from - first, values[((from - position) * _dim)..((to - position) * _dim)]);
        }
    }
}
