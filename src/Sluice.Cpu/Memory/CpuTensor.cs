using System.Diagnostics;
using Sluice.Core.Backend;
using Sluice.Core.Memory;

namespace Sluice.Cpu.Memory;

/// <summary>Activations in native memory. Rows begin on cache lines; what lies between a row's end and the next is never read.</summary>
internal sealed unsafe class CpuTensor : Tensor
{
    private readonly NativeBuffer _buffer;
    private readonly MemoryLease _lease;

    public CpuTensor(MemoryBudget budget, int rows, int cols) : base(rows, cols)
    {
        Stride = (cols + 15L) & ~15L;
        long bytes = rows * Stride * sizeof(float);
        _lease = budget.Lease(bytes, $"activations of {rows} x {cols}");
        _buffer = new NativeBuffer(bytes);
    }

    /// <summary>Distance of rows, in floats.</summary>
    public long Stride { get; }

    public float* Address => (float*)_buffer.Address;

    public float* Row(int row)
    {
        Debug.Assert((uint)row < (uint)Rows);
        return Address + row * Stride;
    }

    public Span<float> Span(int row) => new(Row(row), Cols);

    public static CpuTensor Of(Tensor tensor) =>
        tensor as CpuTensor ?? throw new ArgumentException($"a {tensor.GetType().Name} does not belong to the CPU backend", nameof(tensor));

    public override void Dispose()
    {
        _buffer.Dispose();
        _lease.Dispose();
    }
}
