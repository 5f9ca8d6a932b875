using Sluice.Core.Backend;
using Sluice.Cpu.Dispatch;
using Sluice.Cpu.Elementwise;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Experts;

/// <summary>
/// The mixture of experts: rows are gathered by expert, so that each expert's weights are read once per step. A row's result is the sum over its own
/// experts in the order of their rank, and products do not depend on their neighbours, so neither does the mixture.
/// </summary>
internal sealed unsafe class CpuExpertOps : IExpertOps, IDisposable
{
    private readonly ExpertRoutes _routes = new();
    private readonly LaneKernels _kernels;
    private readonly Scratch _slotScratch;
    private readonly Scratch _inputScratch;
    private readonly Scratch _workerScratch;
    private readonly PreparedInputs _inputs;
    private readonly MatrixJob _job;
    private readonly SlotsJob _slots;
    private readonly RowsJob _rows;

    public CpuExpertOps(CpuDevice device, BackendMemory memory)
    {
        _kernels = device.Lanes;
        _slotScratch = new Scratch(memory, "activations of experts");
        _inputScratch = new Scratch(memory, "quantised activations of experts");
        _workerScratch = new Scratch(memory, "weight tiles of experts");
        _inputs = new PreparedInputs(device.Pool, _inputScratch);
        _job = new MatrixJob(device.Pool, _workerScratch);
        _slots = new SlotsJob(device.Pool, device.Lanes, _routes);
        _rows = new RowsJob(device.Pool);
    }

    public void Mix(Tensor x, int rows, Tensor routerLogits, ExpertRouting routing, ExpertWeights weights, Tensor y)
    {
        var input = CpuTensor.Of(x);
        _routes.Choose(CpuTensor.Of(routerLogits), rows, routing);
        int slots = _routes.Slots;
        int dim = weights.Gate[0].Rows;
        long wide = Stride(input.Cols);
        long narrow = Stride(dim);
        float* gathered = (float*)_slotScratch.Take(slots * (2 * wide + 2 * narrow) * sizeof(float));
        float* gate = gathered + slots * wide;
        float* up = gate + slots * narrow;
        float* down = up + slots * narrow;

        // One row needs no gathering, and its experts share one prepared input.
        bool one = rows == 1;
        if (!one)
            _slots.Gather(input, gathered, wide);
        var source = one
            ? new Operand { X = input.Address, Stride = 0, Rows = 1, Cols = input.Cols }
            : new Operand { X = gathered, Stride = wide, Cols = input.Cols };
        _inputs.Clear();
        Request(weights.Gate, source);
        Request(weights.Up, source);
        _inputs.Prepare();
        _job.Clear();
        Add(weights.Gate, source, gate, narrow);
        Add(weights.Up, source, up, narrow);
        _job.Run();

        var rowArguments = new RowArguments { X = gate, XStride = narrow, Z = up, ZStride = narrow, Y = gate, YStride = narrow, Cols = dim };
        _rows.Run(_kernels.SwiGlu, rowArguments, slots);

        var hidden = new Operand { X = gate, Stride = narrow, Cols = dim };
        _inputs.Clear();
        Request(weights.Down, hidden);
        _inputs.Prepare();
        _job.Clear();
        Add(weights.Down, hidden, down, wide);
        _job.Run();
        _slots.Combine(down, wide, CpuTensor.Of(y), rows, routing.Used);
    }

    public void Dispose()
    {
        _slotScratch.Dispose();
        _inputScratch.Dispose();
        _workerScratch.Dispose();
    }

    private static long Stride(int cols) => (cols + 15L) & ~15L;

    private void Request(Weight[] experts, in Operand source)
    {
        for (int e = 0; e < experts.Length; e++)
        {
            if (_routes.First(e) < _routes.First(e + 1))
                _inputs.Request(Part(source, e), CpuWeight.Newest(experts[e]).Kernel.Input);
        }
    }

    private void Add(Weight[] experts, in Operand source, float* target, long stride)
    {
        for (int e = 0; e < experts.Length; e++)
        {
            if (_routes.First(e) == _routes.First(e + 1))
                continue;
            var weight = CpuWeight.Of(experts[e]);
            _job.Add(new MatrixTask
            {
                Kernel = weight.Kernel,
                Weight = weight.Matrix,
                Operand = _inputs.Get(_inputs.Request(Part(source, e), weight.Kernel.Input)),
                Y = target + _routes.First(e) * stride,
                YStride = stride,
            });
        }
    }

    /// <summary>The slots of an expert; a source of stride 0 is one row that all share.</summary>
    private Operand Part(in Operand source, int expert)
    {
        var part = source;
        part.X += _routes.First(expert) * source.Stride;
        part.Rows = _routes.First(expert + 1) - _routes.First(expert);
        return part;
    }
}
