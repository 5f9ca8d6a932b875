using Sluice.Core.Steps;
using Sluice.Cpu.Memory;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu.Attention;

/// <summary>
/// Counts how much attention each block gets from the rows that are observed. It asks the format's own kernel block by block, as if each were
/// a split, and compares the sums of exponentials; the values are weighed in vain, which for one row in a block costs little. Items are
/// observed rows times KV heads; what they add are whole numbers, so it does not matter which comes first.
/// </summary>
internal sealed unsafe class ObserveJob(WorkerPool pool, Scratch scratch) : Job
{
    /// <summary>Below this many multiply-adds the caller is done before another thread would have heard of it.</summary>
    private const long WorthSharing = 1 << 15;

    private (int Sequence, int Row, int Visible)[] _rows = new (int, int, int)[16];
    private int _rowCount;

    private CpuKvStore _kv = null!;
    private StepBatch _batch = null!;
    private int _layer;
    private float* _q;
    private long _qStride;
    private int _group;
    private float _scale;
    private int _mostBlocks;
    private byte* _memory;
    private long _pitch;

    public void Run(CpuKvStore kv, int layer, CpuTensor q, int heads, float scale, StepBatch batch)
    {
        (_kv, _layer, _batch, _scale) = (kv, layer, batch, scale);
        _q = q.Address;
        _qStride = q.Stride;
        _group = heads / kv.Spec.KvHeads;
        FindRows();
        if (_rowCount == 0)
            return;
        _pitch = SumsBytes + PartBytes + Aligned(kv.Kernel.WorkBytes(kv.Layout, _group, kv.Layout.TokenStride));
        _memory = scratch.Take(_pitch * pool.Threads);
        int items = _rowCount * kv.Spec.KvHeads;
        long work = 2L * items * _group * kv.Spec.HeadDim * _mostBlocks * kv.Spec.BlockTokens;
        pool.Run(this, items, work < WorthSharing ? items : 1);
    }

    public override void Run(int worker, int start, int end)
    {
        byte* memory = _memory + worker * _pitch;
        for (int item = start; item < end; item++)
        {
            var (sequence, row, visible) = _rows[item / _kv.Spec.KvHeads];
            int head = item % _kv.Spec.KvHeads, blocks = (visible + _kv.Spec.BlockTokens - 1) / _kv.Spec.BlockTokens;
            Weigh(sequence, row, visible, head, blocks, memory);
            AddShares((float*)memory, blocks, _batch.Attention(sequence));
        }
    }

    private long SumsBytes => Aligned(2L * _mostBlocks * _group * sizeof(float));

    private long PartBytes => Aligned(AttentionPart.Bytes(_group, _kv.Layout.Dims));

    private static long Aligned(long bytes) => (bytes + 63) & ~63L;

    private void FindRows()
    {
        _rowCount = 0;
        _mostBlocks = 0;
        int blockTokens = _kv.Spec.BlockTokens;
        for (int s = 0; s < _batch.SequenceCount; s++)
        {
            var slice = _batch.Sequences[s];
            for (int row = 0; row < slice.Rows && slice.Retention.ChoosesByAttention; row++)
            {
                if (!slice.Retention.Observes(slice.FirstPosition + row, blockTokens))
                    continue;
                if (_rowCount == _rows.Length)
                    Array.Resize(ref _rows, 2 * _rowCount);
                int visible = slice.FirstPlace(_kv.Spec) + row + 1;
                _rows[_rowCount++] = (s, slice.FirstRow + row, visible);
                _mostBlocks = Math.Max(_mostBlocks, (visible + blockTokens - 1) / blockTokens);
            }
        }
    }

    /// <summary>For each block and query of a KV head: greatest score, and the sum of exponentials below it.</summary>
    private void Weigh(int sequence, int row, int visible, int head, int blocks, byte* memory)
    {
        var tile = new QueryTile
        {
            Q = _q + row * _qStride + head * _group * _kv.Spec.HeadDim,
            RowStride = _qStride,
            Rows = 1,
            Group = _group,
            HeadDim = _kv.Spec.HeadDim,
            FirstVisible = visible,
            Scale = _scale,
        };
        var table = _batch.BlockTable(_kv.Group, sequence);
        var part = new AttentionPart(memory + SumsBytes, _group, _kv.Layout.Dims);
        byte* work = memory + SumsBytes + PartBytes;
        float* greatest = (float*)memory, sums = greatest + blocks * _group;
        byte* address = null, next = null;
        _kv.Kernel.Prepare(tile, _kv.Layout, work);
        for (int b = 0; b < blocks; b++, greatest += _group, sums += _group)
        {
            address = _kv.Head(_layer, table[b], head);
            next = b + 1 < blocks ? _kv.Head(_layer, table[b + 1], head) : address;
            var split = new KvSplit
            {
                Layout = _kv.Layout, Heads = &address, Blocks = 1, Next = &next, FirstPosition = b * _kv.Spec.BlockTokens,
            };
            _kv.Kernel.Clear(part, _group);
            _kv.Kernel.Attend(tile, split, _kv.Layout.TokenStride, work, part);
            new ReadOnlySpan<float>(part.Greatest, _group).CopyTo(new Span<float>(greatest, _group));
            new ReadOnlySpan<float>(part.Sums, _group).CopyTo(new Span<float>(sums, _group));
        }
    }

    private void AddShares(float* greatest, int blocks, Span<long> attention)
    {
        float* sums = greatest + blocks * _group;
        for (int t = 0; t < _group; t++)
        {
            float top = float.NegativeInfinity;
            for (int b = 0; b < blocks; b++)
                top = MathF.Max(top, greatest[b * _group + t]);
            double all = 0;
            for (int b = 0; b < blocks; b++)
                all += Above(greatest[b * _group + t], top) * sums[b * _group + t];
            if (!double.IsFinite(all))
                continue; // such a row has no logits either, and fails its request
            for (int b = 0; b < blocks; b++)
            {
                double share = Above(greatest[b * _group + t], top) * sums[b * _group + t] / all;
                Interlocked.Add(ref attention[b], (long)(share * StepBatch.AttentionUnit));
            }
        }
    }

    private static double Above(float greatest, float top) => Math.Exp((double)greatest - top);
}
