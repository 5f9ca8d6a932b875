using System.Diagnostics;
using Sluice.Core.Steps;
using Sluice.Cpu.Memory;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu.Attention;

/// <summary>
/// One attention call over a batch. Positions are split at fixed multiples of <see cref="SplitTokens"/>. With tiles enough for all threads, a thread
/// does all splits of a tile; in decode with long contexts, threads share spans of splits, which are joined afterwards: the same spans in the same order.
/// </summary>
internal sealed unsafe class AttendJob(WorkerPool pool, Scratch workerScratch, Scratch partScratch, Zeros droppedHead) : Job
{
    /// <summary>Positions of a split, rounded down to whole blocks (one block at least).</summary>
    public const int SplitTokens = 256;

    /// <summary>Queries of a tile: enough that decoding K and V once for all of them costs little beside what they compute.</summary>
    private const int TileQueries = 128;

    /// <summary>Tiles per thread from which on no tile is split.</summary>
    private const int TilesPerThread = 8;

    /// <summary>Below this many multiply-adds the caller is done before another thread would have heard of it.</summary>
    private const long WorthSharing = 1 << 15;

    private AttentionUnit[] _units = new AttentionUnit[64];
    private int _unitCount;
    private int _parts;
    private Phase _phase;

    private CpuKvStore _kv = null!;
    private StepBatch _batch = null!;
    private int _layer;
    private float* _q;
    private long _qStride;
    private float* _y;
    private long _yStride;
    private int _group;
    private float _scale;
    private int _tileQueries;
    private int _blocksPerSplit;
    private byte* _workerMemory;
    private long _workerPitch;
    private byte* _partMemory;
    private byte* _dropped;
    private long _partPitch;

    private enum Phase
    {
        Whole,
        Parts,
        Merge,
    }

    public void Run(CpuKvStore kv, int layer, CpuTensor q, int heads, float scale, StepBatch batch, CpuTensor y)
    {
        (_kv, _layer, _batch, _scale) = (kv, layer, batch, scale);
        _q = q.Address;
        _qStride = q.Stride;
        _y = y.Address;
        _yStride = y.Stride;
        _group = heads / kv.Spec.KvHeads;
        _blocksPerSplit = Math.Max(1, SplitTokens / kv.Spec.BlockTokens);
        _dropped = droppedHead.Take(kv.Layout.ValueDistance + kv.Layout.KeyBytes);
        long work = Plan();

        _partPitch = Aligned(AttentionPart.Bytes(_tileQueries, kv.Layout.Dims));
        _workerPitch = 3 * _partPitch + PointerBytes + Aligned(kv.Kernel.WorkBytes(kv.Layout, _tileQueries, SplitSlots));
        _workerMemory = workerScratch.Take(_workerPitch * pool.Threads);
        if (work < WorthSharing || pool.Threads == 1 || _unitCount >= TilesPerThread * pool.Threads || _parts == _unitCount)
        {
            _phase = Phase.Whole;
            pool.Run(this, _unitCount, work < WorthSharing ? _unitCount : 1);
            return;
        }
        _partMemory = partScratch.Take(_partPitch * _parts);
        _phase = Phase.Parts;
        pool.Run(this, _parts, Math.Max(1, _parts / (pool.Threads * 16)));
        _phase = Phase.Merge;
        pool.Run(this, _unitCount, 1);
    }

    public override void Run(int worker, int start, int end)
    {
        byte* memory = _workerMemory + worker * _workerPitch;
        if (_phase == Phase.Parts)
        {
            for (int number = start, unit = UnitOf(start); number < end; number++)
            {
                while (number >= _units[unit].FirstPart + _units[unit].Spans)
                    unit++;
                var tile = TileOf(_units[unit]);
                int span = number - _units[unit].FirstPart;
                bool follows = number > start && span > 0;
                if (!follows)
                    _kv.Kernel.Prepare(tile, _kv.Layout, KernelMemory(memory));
                AttendSpan(tile, _units[unit], span, follows, memory, PartAt(_partMemory + number * _partPitch));
            }
            return;
        }
        var total = PartAt(memory);
        for (int index = start; index < end; index++)
        {
            ref readonly var unit = ref _units[index];
            var tile = TileOf(unit);
            _kv.Kernel.Clear(total, tile.Count);
            if (_phase == Phase.Whole)
                _kv.Kernel.Prepare(tile, _kv.Layout, KernelMemory(memory));
            for (int span = 0; span < unit.Spans; span++)
            {
                var joined = PartAt(_phase == Phase.Whole ? memory + _partPitch : _partMemory + (unit.FirstPart + span) * _partPitch);
                if (_phase == Phase.Whole)
                    AttendSpan(tile, unit, span, follows: span > 0, memory, joined);
                _kv.Kernel.Join(tile, total, joined);
            }
            _kv.Kernel.Finish(tile, total, _y + unit.FirstRow * _yStride + unit.KvHead * _group * _kv.Spec.HeadDim, _yStride);
        }
    }

    private int SplitSlots => _blocksPerSplit * _kv.Layout.TokenStride;

    private long PointerBytes => Aligned(2L * _blocksPerSplit * sizeof(byte*));

    private static long Aligned(long bytes) => (bytes + 63) & ~63L;

    private byte* KernelMemory(byte* memory) => memory + 3 * _partPitch + PointerBytes;

    private AttentionPart PartAt(byte* memory) => new(memory, _tileQueries, _kv.Layout.Dims);

    private QueryTile TileOf(in AttentionUnit unit) => new()
    {
        Q = _q + unit.FirstRow * _qStride + unit.KvHead * _group * _kv.Spec.HeadDim,
        RowStride = _qStride,
        Rows = unit.Rows,
        Group = _group,
        HeadDim = _kv.Spec.HeadDim,
        FirstVisible = unit.FirstVisible,
        Retention = _kv.Spec.Retention(_batch.Sequences[unit.Sequence].Retention),
        Scale = _scale,
    };

    /// <summary>Cuts the batch into tiles; returns about how many multiply-adds they hold.</summary>
    private long Plan()
    {
        // Fewer rows than there might be where tiles would be too few for all threads.
        int sharedRows = (int)((long)_batch.Rows * _kv.Spec.KvHeads / (TilesPerThread * pool.Threads));
        int tileRows = Math.Max(1, Math.Min(sharedRows, TileQueries / _group));
        _tileQueries = tileRows * _group;
        _unitCount = 0;
        _parts = 0;
        long pairs = 0;
        int splitTokens = _blocksPerSplit * _kv.Spec.BlockTokens;
        for (int s = 0; s < _batch.SequenceCount; s++)
        {
            var slice = _batch.Sequences[s];
            var retention = _kv.Spec.Retention(slice.Retention);
            Debug.Assert(OnlyHiddenBlocksAreDropped(s, slice, retention));
            for (int row = 0; row < slice.Rows; row += tileRows)
            {
                int rows = Math.Min(tileRows, slice.Rows - row);
                int firstVisible = slice.FirstPlace(_kv.Spec) + row + 1;
                int hiddenEnd = retention.HiddenEnd(firstVisible - 1);
                bool hides = hiddenEnd > retention.Sinks;
                int firstSplit = hides ? hiddenEnd / splitTokens : 0;
                int sinkSplits = hides ? Math.Min(firstSplit, (retention.Sinks + splitTokens - 1) / splitTokens) : 0;
                int splits = (firstVisible + rows - 1 + splitTokens - 1) / splitTokens - firstSplit + sinkSplits;
                for (int head = 0; head < _kv.Spec.KvHeads; head++)
                {
                    var unit = new AttentionUnit(s, head, slice.FirstRow + row, rows, firstVisible, sinkSplits, firstSplit, splits, _parts);
                    Add(unit);
                    _parts += unit.Spans;
                }
                pairs += (long)rows * Math.Min(firstVisible, splits * splitTokens);
            }
        }
        return 2 * pairs * _group * _kv.Spec.KvHeads * _kv.Spec.HeadDim;
    }

    private bool OnlyHiddenBlocksAreDropped(int sequence, SequenceSlice slice, KvRetention retention)
    {
        int place = slice.FirstPlace(_kv.Spec);
        var (first, end) = retention.HiddenBlocks(place, _kv.Spec.BlockTokens);
        var table = _batch.BlockTable(_kv.Group, sequence)[..((place + slice.Rows - 1) / _kv.Spec.BlockTokens + 1)];
        return !table[..Math.Min(first, table.Length)].Contains(StepBatch.DroppedBlock) &&
            !table[Math.Min(end, table.Length)..].Contains(StepBatch.DroppedBlock);
    }

    private void Add(AttentionUnit unit)
    {
        if (_unitCount == _units.Length)
            Array.Resize(ref _units, 2 * _unitCount);
        _units[_unitCount++] = unit;
    }

    private int UnitOf(int part)
    {
        int low = 0, high = _unitCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_units[middle].FirstPart <= part)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    /// <param name="index">Which of the unit's spans.</param>
    /// <param name="follows">Whether this thread did the span before it last.</param>
    private void AttendSpan(in QueryTile tile, in AttentionUnit unit, int index, bool follows, byte* memory, in AttentionPart span)
    {
        var part = PartAt(memory + 2 * _partPitch);
        var (first, end) = unit.Span(index);
        _kv.Kernel.Clear(span, tile.Count);
        for (int split = first; split < end; split++)
        {
            Attend(tile, unit, split, follows || split > first, memory, part);
            _kv.Kernel.Merge(tile, span, part);
        }
    }

    /// <param name="index">Which of the unit's splits.</param>
    /// <param name="follows">Whether this thread did the split before it last.</param>
    private void Attend(in QueryTile tile, in AttentionUnit unit, int index, bool follows, byte* memory, in AttentionPart part)
    {
        var table = _batch.BlockTable(_kv.Group, unit.Sequence);
        int known = (unit.FirstVisible + unit.Rows - 2) / _kv.Spec.BlockTokens + 1;
        int first = unit.Split(index) * _blocksPerSplit;
        var heads = (byte**)(memory + 3 * _partPitch);
        var split = new KvSplit
        {
            Layout = _kv.Layout,
            Heads = heads,
            Blocks = Math.Min(_blocksPerSplit, known - first),
            Next = heads + _blocksPerSplit,
            FirstPosition = first * _kv.Spec.BlockTokens,
            IsFetched = follows,
        };
        _kv.Heads(_layer, table.Slice(first, split.Blocks), unit.KvHead, _dropped, split.Heads);
        int after = index + 1 < unit.Splits ? unit.Split(index + 1) * _blocksPerSplit : first; // the last split has its own in the cache already
        int fetched = Math.Min(split.Blocks, known - after);
        _kv.Heads(_layer, table.Slice(after, fetched), unit.KvHead, _dropped, split.Next);
        for (int b = fetched; b < split.Blocks; b++)
            split.Next[b] = split.Next[0];
        _kv.Kernel.Clear(part, tile.Count);
        _kv.Kernel.Attend(tile, split, SplitSlots, KernelMemory(memory), part);
    }
}
