using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Memory;

/// <summary>A matrix whose rows are looked up where they are stored.</summary>
internal sealed class CpuTable(TensorView view, RowDecoder decoder) : Weight(view.Type, (int)view.Rows, (int)view.Cols)
{
    /// <summary>Writes a row's values; <paramref name="row"/> must be within the table.</summary>
    public void Read(int row, Span<float> values) => decoder(view.Row(row), values);

    public static CpuTable Of(Weight weight) =>
        weight as CpuTable ?? throw new ArgumentException($"a {weight.GetType().Name} is no table of the CPU backend", nameof(weight));

    /// <summary>Nothing to free: the bytes belong to the file.</summary>
    public override void Dispose() { }
}
