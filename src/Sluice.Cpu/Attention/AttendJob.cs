using Sluice.Core.Steps;
using Sluice.Cpu.Memory;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu.Attention;

/// <summary>
/// One attention call over a batch. Positions are split at fixed multiples of <see cref="SplitTokens"/>. With tiles enough for all threads, a thread
/// does all splits of a tile; in decode with long contexts, threads share the splits and the parts are merged afterwards: the same parts in the same order.
/// </summary>
internal sealed unsafe class AttendJob(WorkerPool pool, Scratch workerScratch, Scratch partScratch) : Job
{
    /// <summary>Positions of a split, rounded down to whole blocks (one block at least).</summary>
    private const int SplitTokens = 256;

    /// <summary>Queries of a tile: enough to use each loaded K and V several times, few enough for their scores to stay close.</summary>
    private const int TileQueries = 16;

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
        long work = Plan();

        var layout = kv.Layout;
        _partPitch = (AttentionPart.Bytes(_tileQueries, layout.DimStride) + 63) & ~63L;
        _workerPitch = 2 * _partPitch + layout.WidenedBytes + (((long)ScoreStride * _tileQueries * sizeof(float) + 63) & ~63L);
        _workerMemory = workerScratch.Take(_workerPitch * pool.Threads);
        if (work < WorthSharing || pool.Threads == 1 || _unitCount >= TilesPerThread * pool.Threads || _parts == _unitCount)
        {
            _phase = Phase.Whole;
            pool.Run(this, _unitCount, work < WorthSharing ? _unitCount : 1);
            return;
        }
        _partMemory = partScratch.Take(_partPitch * _parts);
        _phase = Phase.Parts;
        pool.Run(this, _parts, Math.Max(1, _parts / (pool.Threads * 8)));
        _phase = Phase.Merge;
        pool.Run(this, _unitCount, _unitCount);
    }

    public override void Run(int worker, int start, int end)
    {
        byte* memory = _workerMemory + worker * _workerPitch;
        var total = PartAt(memory);
        var part = PartAt(memory + _partPitch);
        var widened = (float*)(memory + 2 * _partPitch);
        var scores = (float*)(memory + 2 * _partPitch + _kv.Layout.WidenedBytes);
        if (_phase == Phase.Parts)
        {
            for (int number = start, unit = UnitOf(start); number < end; number++)
            {
                while (number >= _units[unit].FirstPart + _units[unit].Splits)
                    unit++;
                ComputePart(_units[unit], number - _units[unit].FirstPart, widened, scores, PartAt(_partMemory + number * _partPitch));
            }
            return;
        }
        for (int index = start; index < end; index++)
        {
            ref readonly var unit = ref _units[index];
            var tile = TileOf(unit);
            _kv.Kernel.Clear(total, tile.Count);
            for (int split = 0; split < unit.Splits; split++)
            {
                if (_phase == Phase.Merge)
                {
                    part = PartAt(_partMemory + (unit.FirstPart + split) * _partPitch);
                }
                else
                {
                    ComputePart(unit, split, widened, scores, part);
                }
                _kv.Kernel.Merge(tile, total, part);
            }
            _kv.Kernel.Finish(tile, total, _y + unit.FirstRow * _yStride + unit.KvHead * _group * _kv.Spec.HeadDim, _yStride);
        }
    }

    private int ScoreStride => _blocksPerSplit * _kv.Layout.TokenStride;

    private AttentionPart PartAt(byte* memory) => new(memory, _tileQueries, _kv.Layout.DimStride);

    private QueryTile TileOf(in AttentionUnit unit) => new()
    {
        Q = _q + unit.FirstRow * _qStride + unit.KvHead * _group * _kv.Spec.HeadDim,
        RowStride = _qStride,
        Rows = unit.Rows,
        Group = _group,
        HeadDim = _kv.Spec.HeadDim,
        FirstVisible = unit.FirstVisible,
        Scale = _scale,
    };

    /// <summary>Cuts the batch into tiles; returns about how many multiply-adds they hold.</summary>
    private long Plan()
    {
        int tileRows = Math.Max(1, TileQueries / _group);
        _tileQueries = tileRows * _group;
        _unitCount = 0;
        _parts = 0;
        long pairs = 0;
        for (int s = 0; s < _batch.SequenceCount; s++)
        {
            var slice = _batch.Sequences[s];
            for (int row = 0; row < slice.Rows; row += tileRows)
            {
                int rows = Math.Min(tileRows, slice.Rows - row);
                int firstVisible = slice.FirstPosition + row + 1;
                int splitTokens = _blocksPerSplit * _kv.Spec.BlockTokens;
                int splits = (firstVisible + rows - 1 + splitTokens - 1) / splitTokens;
                for (int head = 0; head < _kv.Spec.KvHeads; head++)
                {
                    Add(new AttentionUnit(s, head, slice.FirstRow + row, rows, firstVisible, splits, _parts));
                    _parts += splits;
                }
                pairs += (long)rows * firstVisible;
            }
        }
        return 2 * pairs * _group * _kv.Spec.KvHeads * _kv.Spec.HeadDim;
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

    private void ComputePart(in AttentionUnit unit, int split, float* widened, float* scores, in AttentionPart part)
    {
        var tile = TileOf(unit);
        var layout = _kv.Layout;
        var table = _batch.BlockTable(_kv.Group, unit.Sequence);
        int seen = unit.FirstVisible + unit.Rows - 1;
        int firstBlock = split * _blocksPerSplit;
        int blocks = Math.Min(_blocksPerSplit, (seen + layout.BlockTokens - 1) / layout.BlockTokens - firstBlock);
        _kv.Kernel.Clear(part, tile.Count);
        for (int b = 0; b < blocks; b++)
        {
            byte* head = _kv.Head(_layer, table[firstBlock + b], unit.KvHead);
            _kv.Kernel.Score(tile, layout, head, (firstBlock + b) * layout.BlockTokens, scores + b * layout.TokenStride, ScoreStride, widened);
        }
        _kv.Kernel.Exponentiate(tile, scores, ScoreStride, blocks * layout.TokenStride, part);
        for (int b = 0; b < blocks; b++)
        {
            byte* head = _kv.Head(_layer, table[firstBlock + b], unit.KvHead);
            _kv.Kernel.Weigh(tile, layout, head, (firstBlock + b) * layout.BlockTokens, scores + b * layout.TokenStride, ScoreStride, widened, part);
        }
    }
}
