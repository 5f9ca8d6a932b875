using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Steps;
using Sluice.Cpu;

namespace Sluice.Conformance;

public class AllocationConformance
{
    private const int Hidden = 64, Heads = 4, KvHeads = 2, HeadDim = 16, Dim = 96, Vocabulary = 128, Positions = 300;

    /// <summary>Decodes with every operation a model uses; the second time round nothing may reach the managed heap.</summary>
    [Theory, MemberData(nameof(AttentionConformance.VariantsAndTypes), MemberType = typeof(AttentionConformance))]
    public void Decode_Warm_AllocatesNothing(string variant, DType kvType)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2, Kernels = variant });
        using var layer = new Layer(device, kvType);
        layer.Decode(Positions);
        layer.Decode(Positions);
        long before = GC.GetAllocatedBytesForCurrentThread();
        layer.Decode(Positions);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class Layer : IDisposable
    {
        private readonly CpuDevice _device;
        private readonly IBackend _backend;
        private readonly List<NativeBuffer> _stored = [];
        private readonly Tensor _x, _y, _q, _k, _v, _attended, _gate, _up, _router, _table, _last, _logits, _norm, _headNorm;
        private readonly Weight _embedding;
        private readonly Projection[] _qkv, _output, _gateUp, _down, _routerLogits, _head;
        private readonly LowRankTerm[] _adapters;
        private readonly ExpertWeights _experts;
        private readonly KvStore _kv;
        private readonly StepBatch _batch = new(1, 1, [Positions / 16 + 1]);
        private readonly RopeSpec _rope = new([1f, 0.1f, 0.01f, 0.001f], 1f, RopeLayout.Halves);
        private readonly ExpertRouting _routing = new(2, true);
        private readonly float[] _read = new float[Vocabulary];

        public Layer(CpuDevice device, DType kvType)
        {
            _device = device;
            _backend = device.CreateBackend();
            _x = Tensor(Hidden);
            _y = Tensor(Hidden);
            _q = Tensor(Heads * HeadDim);
            _k = Tensor(KvHeads * HeadDim);
            _v = Tensor(KvHeads * HeadDim);
            _attended = Tensor(Heads * HeadDim);
            _gate = Tensor(Dim);
            _up = Tensor(Dim);
            _router = Tensor(4);
            _table = Tensor(8);
            _last = Tensor(Hidden);
            _logits = Tensor(Vocabulary);
            _norm = Samples.Upload(_backend, Samples.Floats(1, Hidden), Hidden);
            _headNorm = Samples.Upload(_backend, Samples.Floats(1, HeadDim), HeadDim);
            _embedding = _backend.Memory.LoadTable(Stored(DType.Q8_0, Vocabulary, Hidden));
            _qkv = [To(_q, DType.Q8_0, Hidden), To(_k, DType.Q4_0, Hidden), To(_v, DType.F16, Hidden)];
            _output = [To(_y, DType.BF16, Heads * HeadDim)];
            _gateUp = [To(_gate, DType.Q4_0, Hidden), To(_up, DType.Q4_0, Hidden)];
            _down = [To(_y, DType.Q8_0, Dim)];
            _routerLogits = [To(_router, DType.F32, Hidden)];
            _head = [To(_logits, DType.Q8_0, Hidden)];
            _adapters =
            [
                new LowRankTerm(Weight(DType.F16, 8, Hidden), Weight(DType.F16, _q.Cols, 16), 2, 0, 1, _q),
                new LowRankTerm(Weight(DType.F32, 16, Hidden), Weight(DType.F32, _k.Cols, 16), 2, 0, 1, _k),
            ];
            _experts = new ExpertWeights(Experts(Dim, Hidden), Experts(Dim, Hidden), Experts(Hidden, Dim));
            _kv = _backend.Attention.AllocateKv(0, new KvGroupSpec(1, KvHeads, HeadDim, 16, kvType), Positions / 16 + 1);
        }

        public void Decode(int positions)
        {
            for (int position = 0; position < positions; position++)
            {
                _batch.Clear();
                _batch.AddSequence(1, position, out int sequence)[0] = position % Vocabulary;
                for (int b = 0; b <= position / 16; b++)
                    _batch.WritableBlockTable(0, sequence)[b] = b;
                _batch.AddOutputRow(0);
                Step();
            }
        }

        public void Dispose()
        {
            _backend.Dispose();
            foreach (var buffer in _stored)
                buffer.Dispose();
        }

        private void Step()
        {
            using var turn = _device.EnterStep();
            var (linear, elementwise) = (_backend.Linear, _backend.Elementwise);
            linear.Embed(_embedding, _batch.Tokens, _x);
            elementwise.PrepareRope(_rope, _batch.Positions, _table);
            elementwise.RmsNorm(_x, 1, _norm, 1e-5f, _y);
            linear.Project(_y, 1, _qkv);
            linear.AddLowRank(_y, _adapters);
            elementwise.HeadRmsNorm(_q, 1, HeadDim, _headNorm, 1e-5f);
            elementwise.ApplyRope(_rope, _q, 1, HeadDim, _table);
            elementwise.ApplyRope(_rope, _k, 1, HeadDim, _table);
            _backend.Attention.Append(_kv, 0, _k, _v, _batch);
            _backend.Attention.Attend(_kv, 0, _q, Heads, 0.25f, _batch, _attended);
            linear.Project(_attended, 1, _output);
            elementwise.AddRmsNorm(_x, _y, 1, _norm, 1e-5f, _y);
            linear.Project(_y, 1, _gateUp);
            elementwise.SwiGlu(_gate, _up, 1, _gate);
            linear.Project(_gate, 1, _down);
            elementwise.AddRmsNorm(_x, _y, 1, _norm, 1e-5f, _y);
            linear.Project(_y, 1, _routerLogits);
            _backend.Experts.Mix(_y, 1, _router, _routing, _experts, _last);
            elementwise.Add(_x, _last, 1);
            linear.Gather(_x, _batch.OutputRows, _last);
            linear.Project(_last, 1, _head);
            _backend.Memory.Read(_logits, 0, _read);
        }

        private Tensor Tensor(int cols) => _backend.Memory.Allocate(1, cols);

        private Projection To(Tensor output, DType type, int cols) => new(Weight(type, output.Cols, cols), null, output);

        private Weight[] Experts(int rows, int cols) => [.. Enumerable.Range(0, 4).Select(_ => Weight(DType.Q8_0, rows, cols))];

        private Weight Weight(DType type, int rows, int cols)
        {
            var weight = _backend.Memory.LoadMatrix(Stored(type, rows, cols));
            _backend.Memory.FinishLoading();
            return weight;
        }

        private TensorView Stored(DType type, int rows, int cols)
        {
            var stored = Samples.Stored(rows, type, rows, cols);
            _stored.Add(stored);
            return Samples.View(stored, type, rows, cols);
        }
    }
}
