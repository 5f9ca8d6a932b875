using System.Diagnostics;
using Sluice.Core.Backend;

namespace Sluice.Cpu.Memory;

/// <summary>Activations in native memory. Rows begin on cache lines; what lies between a row's end and the next is never read.</summary>
internal sealed unsafe class CpuTensor : Tensor
{
    private readonly BackendBuffer _buffer;

    public CpuTensor(BackendMemory memory, int rows, int cols) : base(rows, cols)
    {
        Stride = (cols + 15L) & ~15L;
        _buffer = memory.Take(rows * Stride * sizeof(float), $"activations of {rows} x {cols}");
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

    public override void Dispose() => _buffer.Dispose();
}
