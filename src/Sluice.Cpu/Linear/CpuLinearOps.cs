using Sluice.Core.Backend;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Linear;

internal sealed unsafe class CpuLinearOps : ILinearOps, IDisposable
{
    private readonly Scratch _inputScratch;
    private readonly Scratch _workerScratch;
    private readonly PreparedInputs _inputs;
    private readonly MatrixJob _job;
    private readonly LowRankProducts _lowRank;

    public CpuLinearOps(CpuDevice device, BackendMemory memory)
    {
        _inputScratch = new Scratch(memory, "quantised activations");
        _workerScratch = new Scratch(memory, "weight tiles");
        _inputs = new PreparedInputs(device.Pool, _inputScratch);
        _job = new MatrixJob(device.Pool, _workerScratch);
        _lowRank = new LowRankProducts(_inputs, _job, memory);
    }

    public void Embed(Weight table, ReadOnlySpan<int> tokens, Tensor y)
    {
        var rows = CpuTable.Of(table);
        var target = CpuTensor.Of(y);
        for (int i = 0; i < tokens.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)tokens[i], (uint)rows.Rows, nameof(tokens));
            rows.Read(tokens[i], target.Span(i));
        }
    }

    public void Project(Tensor x, int rows, ReadOnlySpan<Projection> projections)
    {
        var input = CpuTensor.Of(x);
        var operand = new Operand { X = input.Address, Stride = input.Stride, Rows = rows, Cols = input.Cols };
        _inputs.Clear();
        foreach (var projection in projections)
            _inputs.Request(operand, CpuWeight.Newest(projection.Weight).Kernel.Input);
        _inputs.Prepare();
        _job.Clear();
        foreach (var projection in projections)
        {
            var weight = CpuWeight.Of(projection.Weight);
            var output = CpuTensor.Of(projection.Output);
            if (weight.Cols != input.Cols || weight.Rows != output.Cols || rows > output.Rows)
            {
                throw new ArgumentException(
                    $"a weight of {weight.Rows} x {weight.Cols} takes no input of {rows} x {input.Cols} to an output of {output.Rows} x {output.Cols}");
            }
            _job.Add(new MatrixTask
            {
                Kernel = weight.Kernel,
                Weight = weight.Matrix,
                Operand = _inputs.Get(_inputs.Request(operand, weight.Kernel.Input)),
                Y = output.Address,
                YStride = output.Stride,
                Bias = projection.Bias is { } bias ? CpuTensor.Of(bias).Address : null,
            });
        }
        _job.Run();
    }

    public void AddLowRank(Tensor x, ReadOnlySpan<LowRankTerm> terms) => _lowRank.Add(CpuTensor.Of(x), terms);

    public void Gather(Tensor x, ReadOnlySpan<int> rows, Tensor y)
    {
        var source = CpuTensor.Of(x);
        var target = CpuTensor.Of(y);
        for (int i = 0; i < rows.Length; i++)
            source.Span(rows[i]).CopyTo(target.Span(i));
    }

    public void Dispose()
    {
        _inputScratch.Dispose();
        _workerScratch.Dispose();
        _lowRank.Dispose();
    }
}
