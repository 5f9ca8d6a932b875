using Sluice.Core.Memory;

namespace Sluice.Cpu.Linear;

/// <summary>A weight matrix as kernels see it: where its rows are.</summary>
internal readonly unsafe struct StoredMatrix(TensorView view)
{
    public readonly byte* Address = view.Address;
    public readonly long RowStrideBytes = view.RowStrideBytes;
    public readonly int Rows = checked((int)view.Rows);
    public readonly int Cols = checked((int)view.Cols);

    public byte* Row(int row) => Address + row * RowStrideBytes;
}
