using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Cpu;

namespace Sluice.Conformance;

/// <summary>A backend with one KV group of two layers, and sequences whose blocks lie scattered in it.</summary>
internal sealed class AttentionRig : IDisposable
{
    private const int Layer = 1;

    private readonly CpuDevice _device;
    private readonly IBackend _backend;
    private readonly KvStore _kv;
    private readonly int _heads;
    private readonly int _blocksPerSequence;
    private readonly int _sequences;
    private (int First, int Count) _takenOut;

    public AttentionRig(string variant, int threads, DType type, int heads, int kvHeads, int dim, int blockTokens, int positions, int sequences,
        int window = 0)
    {
        _device = new CpuDevice(new CpuDeviceOptions { Threads = threads, Kernels = variant });
        _backend = _device.CreateBackend();
        _heads = heads;
        _sequences = sequences;
        _blocksPerSequence = positions / blockTokens + 1;
        Observed = new long[_blocksPerSequence];
        _kv = _backend.Attention.AllocateKv(0, new KvGroupSpec(2, kvHeads, dim, blockTokens, type, window), _blocksPerSequence * sequences);
    }

    public float Scale => 1f / MathF.Sqrt(_kv.Spec.HeadDim);

    /// <summary>What the observed rows of all steps so far gave to each block of the first sequence.</summary>
    public long[] Observed { get; }

    /// <summary>From now on these blocks are not in the tables.</summary>
    public void TakeOut(int first, int count) => _takenOut = (first, count);

    /// <summary>One step; gives each sequence's output rows. Blocks that none of them sees are dropped.</summary>
    public float[][] Step(params (int Sequence, int FirstPosition, float[] Q, float[] K, float[] V)[] work) => Step(default, work);

    /// <summary>One step of sequences that keep only a part of what came before.</summary>
    public float[][] Step(KvRetention retention, params (int Sequence, int FirstPosition, float[] Q, float[] K, float[] V)[] work)
    {
        int dim = _kv.Spec.HeadDim;
        int rows = work.Sum(w => w.Q.Length / (_heads * dim));
        var batch = new StepBatch(rows, work.Length, [_blocksPerSequence]);
        foreach (var (sequence, firstPosition, q, _, _) in work)
        {
            int removed = _takenOut.Count * _kv.Spec.BlockTokens;
            batch.AddSequence(q.Length / (_heads * dim), firstPosition, out int index, retention, removed: removed);
            for (int b = 0; b < _blocksPerSequence - _takenOut.Count; b++)
            {
                int block = b < _takenOut.First ? b : b + _takenOut.Count;
                batch.WritableBlockTable(0, index)[b] = BlockOf(sequence, block);
            }
            var (first, end) = _kv.Spec.Retention(retention).HiddenBlocks(firstPosition, _kv.Spec.BlockTokens);
            batch.WritableBlockTable(0, index)[first..end].Fill(StepBatch.DroppedBlock);
        }
        using var allQ = Samples.Upload(_backend, [.. work.SelectMany(w => w.Q)], _heads * dim);
        using var allK = Samples.Upload(_backend, [.. work.SelectMany(w => w.K)], _kv.Spec.KvHeads * dim);
        using var allV = Samples.Upload(_backend, [.. work.SelectMany(w => w.V)], _kv.Spec.KvHeads * dim);
        using var y = _backend.Memory.Allocate(rows, _heads * dim);
        _backend.Attention.Append(_kv, Layer, allK, allV, batch);
        _backend.Attention.Attend(_kv, Layer, allQ, _heads, Scale, batch, y);
        _backend.Attention.Observe(_kv, Layer, allQ, _heads, Scale, batch);
        for (int b = 0; b < batch.Attention(0).Length; b++)
            Observed[b] += batch.Attention(0)[b];
        float[] values = Samples.Download(_backend, y, rows);
        int at = 0;
        return [.. work.Select(w => values.AsSpan((at += w.Q.Length) - w.Q.Length, w.Q.Length).ToArray())];
    }

    /// <summary>Stores the K and V of a sequence's first positions, with no query.</summary>
    public void Append(int sequence, float[] k, float[] v)
    {
        int width = _kv.Spec.KvHeads * _kv.Spec.HeadDim, rows = k.Length / width;
        var batch = new StepBatch(rows, 1, [_blocksPerSequence]);
        batch.AddSequence(rows, 0, out int index);
        for (int b = 0; b < _blocksPerSequence; b++)
            batch.WritableBlockTable(0, index)[b] = BlockOf(sequence, b);
        using var allK = Samples.Upload(_backend, k, width);
        using var allV = Samples.Upload(_backend, v, width);
        _backend.Attention.Append(_kv, Layer, allK, allV, batch);
    }

    public void Dispose()
    {
        _kv.Dispose();
        _backend.Dispose();
        _device.Dispose();
    }

    private int BlockOf(int sequence, int block) => (_blocksPerSequence - 1 - block) * _sequences + sequence;
}
