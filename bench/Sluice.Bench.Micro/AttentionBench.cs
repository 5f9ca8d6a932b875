using BenchmarkDotNet.Attributes;
using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Cpu;

namespace Sluice.Bench.Micro;

/// <summary>One layer of attention with 32 query heads over 8 KV heads of 64, on one thread: the last row of 4096 positions, and all of 256.</summary>
public class AttentionBench
{
    private Case _scalar = null!;
    private Case _fastest = null!;

    [Params(DType.F32, DType.F16)]
    public DType Kv { get; set; }

    [Params(1, 256)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _scalar = new Case("scalar", Kv, Rows);
        _fastest = new Case("", Kv, Rows);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _scalar.Dispose();
        _fastest.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Scalar() => _scalar.Attend();

    [Benchmark]
    public void Fastest() => _fastest.Attend();

    private sealed class Case : IDisposable
    {
        private const int Heads = 32, KvHeads = 8, Dim = 64, BlockTokens = 32;

        private readonly CpuDevice _device;
        private readonly IBackend _backend;
        private readonly KvStore _kv;
        private readonly StepBatch _batch;
        private readonly Tensor _q;
        private readonly Tensor _y;

        public Case(string kernels, DType type, int rows)
        {
            int positions = rows == 1 ? 4096 : rows;
            int blocks = positions / BlockTokens;
            _device = new CpuDevice(new CpuDeviceOptions { Threads = 1, Kernels = kernels });
            _backend = _device.CreateBackend();
            _kv = _backend.Attention.AllocateKv(0, new KvGroupSpec(1, KvHeads, Dim, BlockTokens, type), blocks);
            StepBatch all = Batch(positions, 0, blocks);
            var k = Filled(positions, KvHeads * Dim);
            _backend.Attention.Append(_kv, 0, k, k, all);
            _batch = Batch(rows, positions - rows, blocks);
            _q = Filled(rows, Heads * Dim);
            _y = _backend.Memory.Allocate(rows, Heads * Dim);
        }

        public void Attend() => _backend.Attention.Attend(_kv, 0, _q, Heads, 0.125f, _batch, _y);

        public void Dispose()
        {
            _backend.Dispose();
            _device.Dispose();
        }

        private static StepBatch Batch(int rows, int firstPosition, int blocks)
        {
            var batch = new StepBatch(rows, 1, [blocks]);
            batch.AddSequence(rows, firstPosition, out int sequence);
            for (int b = 0; b < blocks; b++)
                batch.WritableBlockTable(0, sequence)[b] = b;
            return batch;
        }

        private Tensor Filled(int rows, int cols)
        {
            var tensor = _backend.Memory.Allocate(rows, cols);
            for (int r = 0; r < rows; r++)
                _backend.Memory.Write(tensor, r, [.. Enumerable.Range(r, cols).Select(i => MathF.Sin(i))]);
            return tensor;
        }
    }
}
