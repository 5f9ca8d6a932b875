using Sluice.Core.Steps;
using Sluice.Cpu.Memory;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu.Attention;

/// <summary>Stores a step's K and V; items are the rows of the batch.</summary>
internal sealed unsafe class AppendJob(WorkerPool pool) : Job
{
    /// <summary>Below this many elements the caller is done before another thread would have heard of it.</summary>
    private const long WorthSharing = 1 << 14;

    private CpuKvStore _kv = null!;
    private CpuTensor _k = null!;
    private CpuTensor _v = null!;
    private StepBatch _batch = null!;
    private int _layer;

    public void Run(CpuKvStore kv, int layer, CpuTensor k, CpuTensor v, StepBatch batch)
    {
        (_kv, _layer, _k, _v, _batch) = (kv, layer, k, v, batch);
        pool.Run(this, batch.Rows, (long)batch.Rows * k.Cols < WorthSharing ? batch.Rows : Math.Max(1, batch.Rows / (pool.Threads * 4)));
    }

    public override void Run(int worker, int start, int end)
    {
        for (int s = 0; s < _batch.SequenceCount; s++)
        {
            var slice = _batch.Sequences[s];
            var (from, to) = RowsOf(slice, _kv.Layout, start, end);
            for (int row = from; row < to; row++)
                Append(s, row, slice.FirstPlace(_kv.Spec) + row - slice.FirstRow);
        }
    }

    /// <summary>
    /// The rows of a sequence that whoever has items [start, end) stores. V's words hold consecutive tokens and are read to be written, so all tokens
    /// of a word fall to one thread: the one that has the first of them.
    /// </summary>
    internal static (int From, int To) RowsOf(SequenceSlice slice, in KvLayout layout, int start, int end) =>
        (FirstOfWord(slice, layout, start), FirstOfWord(slice, layout, end));

    /// <summary>The first row from <paramref name="row"/> on whose token begins a word, or begins or ends the sequence's rows.</summary>
    private static int FirstOfWord(SequenceSlice slice, in KvLayout layout, int row)
    {
        int last = slice.FirstRow + slice.Rows;
        row = Math.Clamp(row, slice.FirstRow, last);
        while (row > slice.FirstRow && row < last && (slice.FirstPosition + row - slice.FirstRow) % layout.BlockTokens % layout.Elements != 0)
            row++;
        return row;
    }

    private void Append(int sequence, int row, int position)
    {
        var layout = _kv.Layout;
        int block = _batch.BlockTable(_kv.Group, sequence)[position / layout.BlockTokens];
        for (int head = 0; head < layout.KvHeads; head++)
        {
            int at = head * layout.HeadDim;
            _kv.Kernel.Append(layout, _kv.Head(_layer, block, head), position % layout.BlockTokens, _k.Row(row) + at, _v.Row(row) + at);
        }
    }
}
