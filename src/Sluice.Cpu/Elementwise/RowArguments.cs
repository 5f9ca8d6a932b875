using Sluice.Core.Backend;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Elementwise;

/// <summary>The operands of a row kernel; each kernel says which it uses.</summary>
internal unsafe struct RowArguments
{
    public float* X;
    public long XStride;
    public float* Y;
    public long YStride;
    public float* Z;
    public long ZStride;

    /// <summary>One row that applies to all.</summary>
    public float* Weight;

    /// <summary>Positions of the rows.</summary>
    public int* Positions;

    public int Cols;
    public int HeadDim;

    /// <summary>Leading values of a head that rotate.</summary>
    public int RotaryDims;

    public float Epsilon;
    public float Magnitude;

    public void SetY(Tensor tensor)
    {
        Y = CpuTensor.Of(tensor).Address;
        YStride = CpuTensor.Of(tensor).Stride;
    }

    public void SetZ(Tensor tensor)
    {
        Z = CpuTensor.Of(tensor).Address;
        ZStride = CpuTensor.Of(tensor).Stride;
    }
}
