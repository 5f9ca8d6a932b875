using Sluice.Core.Memory;

namespace Sluice.Cpu.Linear;

/// <summary>A weight matrix as kernels see it: where its rows are.</summary>
internal readonly unsafe struct StoredMatrix(byte* address, long rowStrideBytes, int rows, int cols)
{
    public readonly byte* Address = address;
    public readonly long RowStrideBytes = rowStrideBytes;
    public readonly int Rows = rows;
    public readonly int Cols = cols;

    public StoredMatrix(TensorView view)
        : this(view.Address, view.RowStrideBytes, checked((int)view.Rows), checked((int)view.Cols))
    {
    }

    public byte* Row(int row) => Address + row * RowStrideBytes;
}
