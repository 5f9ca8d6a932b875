using Sluice.Core.Backend;
using Sluice.Cpu.Dispatch;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Elementwise;

internal sealed unsafe class CpuElementwiseOps(CpuDevice device) : IElementwiseOps
{
    private readonly LaneKernels _kernels = device.Lanes;
    private readonly RowsJob _job = new(device.Pool);

    public void RmsNorm(Tensor x, int rows, Tensor weight, float epsilon, Tensor y)
    {
        var arguments = Over(x);
        arguments.SetY(y);
        arguments.Weight = CpuTensor.Of(weight).Address;
        arguments.Epsilon = epsilon;
        _job.Run(_kernels.RmsNorm, arguments, rows);
    }

    public void AddRmsNorm(Tensor residual, Tensor delta, int rows, Tensor weight, float epsilon, Tensor y)
    {
        var arguments = Over(residual);
        arguments.SetZ(delta);
        arguments.SetY(y);
        arguments.Weight = CpuTensor.Of(weight).Address;
        arguments.Epsilon = epsilon;
        _job.Run(_kernels.AddRmsNorm, arguments, rows);
    }

    public void Add(Tensor x, Tensor delta, int rows)
    {
        var arguments = Over(x);
        arguments.SetZ(delta);
        _job.Run(_kernels.Add, arguments, rows);
    }

    public void HeadRmsNorm(Tensor x, int rows, int headDim, Tensor weight, float epsilon)
    {
        var arguments = Over(x);
        arguments.Weight = CpuTensor.Of(weight).Address;
        arguments.HeadDim = headDim;
        arguments.Epsilon = epsilon;
        _job.Run(_kernels.HeadRmsNorm, arguments, rows);
    }

    public void PrepareRope(RopeSpec rope, ReadOnlySpan<int> positions, Tensor table)
    {
        fixed (int* at = positions)
        fixed (float* frequencies = rope.InverseFrequencies)
        {
            var arguments = new RowArguments
            {
                Positions = at,
                Weight = frequencies,
                Cols = rope.RotaryDims,
                RotaryDims = rope.RotaryDims,
                Magnitude = rope.Magnitude,
            };
            arguments.SetY(table);
            _job.Run(_kernels.FillRopeTable, arguments, positions.Length);
        }
    }

    public void ApplyRope(RopeSpec rope, Tensor x, int rows, int headDim, Tensor table)
    {
        var arguments = Over(x);
        arguments.SetY(table);
        arguments.HeadDim = headDim;
        arguments.RotaryDims = rope.RotaryDims;
        _job.Run(rope.Layout == RopeLayout.Halves ? _kernels.RotateHalves : _kernels.RotateInterleaved, arguments, rows);
    }

    public void SwiGlu(Tensor gate, Tensor up, int rows, Tensor y)
    {
        var arguments = Over(gate);
        arguments.SetZ(up);
        arguments.SetY(y);
        _job.Run(_kernels.SwiGlu, arguments, rows);
    }

    private static RowArguments Over(Tensor x)
    {
        var tensor = CpuTensor.Of(x);
        return new RowArguments { X = tensor.Address, XStride = tensor.Stride, Cols = tensor.Cols };
    }
}
