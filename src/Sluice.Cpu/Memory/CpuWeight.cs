using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Quant;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Memory;

/// <summary>A weight that borrows its stored bytes, with the kernel and the decoder that its type chose when it was loaded.</summary>
internal sealed class CpuWeight(TensorView view, MatrixKernel kernel, RowDecoder decoder) : Weight(view.Type, (int)view.Rows, (int)view.Cols)
{
    public TensorView View { get; } = view;

    public StoredMatrix Matrix { get; } = new(view);

    public MatrixKernel Kernel { get; } = kernel;

    public RowDecoder Decoder { get; } = decoder;

    public static CpuWeight Of(Weight weight) =>
        weight as CpuWeight ?? throw new ArgumentException($"a {weight.GetType().Name} does not belong to the CPU backend", nameof(weight));

    /// <summary>Nothing to free: the bytes belong to the file.</summary>
    public override void Dispose() { }
}
