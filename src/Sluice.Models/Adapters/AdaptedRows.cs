using Sluice.Core.Backend;
using Sluice.Core.Steps;

namespace Sluice.Models.Adapters;

/// <summary>
/// Which rows of a step go through which adapter. Filled at the start of a step, read by every layer; where no sequence has an adapter, a
/// layer does nothing. For the engine's thread; nothing is allocated once it is warm.
/// </summary>
internal sealed class AdaptedRows(ILinearOps linear, AdapterTable table)
{
    private readonly List<(int First, int Rows, AttachedAdapter Adapter)> _rows = [];
    private readonly List<(int First, int Rows, AttachedAdapter Adapter)> _outputRows = [];
    private LowRankTerm[] _terms = new LowRankTerm[16];

    public void Begin(StepBatch batch)
    {
        _rows.Clear();
        _outputRows.Clear();
        int output = 0;
        foreach (var sequence in batch.Sequences)
        {
            int firstOutput = output;
            while (output < batch.OutputCount && batch.OutputRows[output] < sequence.FirstRow + sequence.Rows)
                output++;
            if (table[sequence.Adapter] is not { } adapter)
                continue;
            Append(_rows, sequence.FirstRow, sequence.Rows, adapter);
            if (output > firstOutput)
                Append(_outputRows, firstOutput, output - firstOutput, adapter);
        }
    }

    /// <summary>Adds what the step's adapters change of products that were computed from <paramref name="x"/>, row for row.</summary>
    public void AddTo(Tensor x, ReadOnlySpan<AdaptedOutput> outputs) => Add(x, outputs, _rows);

    /// <summary>As <see cref="AddTo"/>, where x holds only the rows whose logits are wanted.</summary>
    public void AddToOutputs(Tensor x, AdaptedOutput output) => Add(x, [output], _outputRows);

    private void Add(Tensor x, ReadOnlySpan<AdaptedOutput> outputs, List<(int First, int Rows, AttachedAdapter Adapter)> stretches)
    {
        int count = 0;
        foreach (var (first, rows, adapter) in stretches)
        {
            foreach (var output in outputs)
            {
                if (adapter[output.Site] is not (var down, var up, var scale))
                    continue;
                if (count == _terms.Length)
                    Array.Resize(ref _terms, 2 * count);
                _terms[count++] = new LowRankTerm(down, up, scale, first, rows, output.Output);
            }
        }
        if (count > 0)
            linear.AddLowRank(x, _terms.AsSpan(0, count));
    }

    private static void Append(List<(int First, int Rows, AttachedAdapter Adapter)> stretches, int first, int rows, AttachedAdapter adapter)
    {
        if (stretches.Count > 0 && stretches[^1] is var last && last.Adapter == adapter && last.First + last.Rows == first)
            stretches[^1] = (last.First, last.Rows + rows, adapter);
        else
            stretches.Add((first, rows, adapter));
    }
}
