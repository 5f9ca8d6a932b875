using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>The input form of <see cref="QuantizedRow"/>s, one after the other.</summary>
internal sealed unsafe class QuantizedRows<R, L, V> : InputForm
    where R : IRowEncoding
    where L : ILanes<V>
    where V : unmanaged
{
    public static QuantizedRows<R, L, V> Instance { get; } = new();

    public override long BytesFor(int rows, int cols) => rows * QuantizedRow.Bytes(cols);

    public override int UnitsFor(int rows) => rows;

    public override void Prepare(in Operand operand, int start, int end)
    {
        for (int r = start; r < end; r++)
            Quantize(operand.Row(r), operand.Cols / QuantizedBlock.Elements, QuantizedRow.Of(operand, r));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Quantize(float* x, int blocks, QuantizedRow row)
    {
        sbyte* values = stackalloc sbyte[QuantizedBlock.Elements];
        int b = 0;
        for (; b < blocks; b++, x += QuantizedBlock.Elements)
        {
            QuantizedBlock.Quantize<L, V>(x, values, out row.Scales[b], out int sum);
            row.Sums[b] = QuantizedRow.SumFactor * sum;
            R.Place(values, row.Values, b);
        }
        new Span<sbyte>(values, QuantizedBlock.Elements).Clear();
        for (; b < BlockSums.Padded(blocks); b++)
        {
            (row.Scales[b], row.Sums[b]) = (0, 0);
            R.Place(values, row.Values, b);
        }
    }
}
