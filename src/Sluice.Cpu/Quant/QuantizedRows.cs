using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>The input form of <see cref="QuantizedRow"/>s, one after the other.</summary>
internal sealed unsafe class QuantizedRows<L, V> : InputForm where L : ILanes<V> where V : unmanaged
{
    public static QuantizedRows<L, V> Instance { get; } = new();

    public override long BytesFor(int rows, int cols) => rows * QuantizedRow.Bytes(cols);

    public override int UnitsFor(int rows) => rows;

    public override void Prepare(in Operand operand, int start, int end)
    {
        for (int r = start; r < end; r++)
            Quantize(operand.Row(r), operand.Cols, QuantizedRow.Of(operand, r));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Quantize(float* x, int cols, QuantizedRow row)
    {
        for (int b = 0; b < cols / QuantizedBlock.Elements; b++)
        {
            int at = b * QuantizedBlock.Elements;
            QuantizedBlock.Quantize<L, V>(x + at, row.Values + at, out row.Scales[b], out int sum);
            row.Sums[b] = QuantizedRow.SumFactor * sum;
        }
    }
}
