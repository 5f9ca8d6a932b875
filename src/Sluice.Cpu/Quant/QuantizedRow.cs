using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Activations of one row in <see cref="QuantizedBlock"/>s: all the values (see <see cref="IRowEncoding"/>), then all the scales, then
/// eight times each block's sum of values. Blocks go on with zeros to a multiple of <see cref="BlockSums.Count"/>.
/// </summary>
internal readonly unsafe struct QuantizedRow(byte* memory, int cols)
{
    /// <summary>
    /// What block sums are stored multiplied by: the zero point of Q4_0's nibbles, which then comes off with one instruction.
    /// </summary>
    public const int SumFactor = 8;

    public readonly sbyte* Values = (sbyte*)memory;

    public readonly float* Scales = (float*)(memory + Blocks(cols) * QuantizedBlock.Elements);

    public readonly int* Sums = (int*)(memory + Blocks(cols) * (QuantizedBlock.Elements + sizeof(float)));

    public static long Bytes(int cols) => Blocks(cols) * (QuantizedBlock.Elements + sizeof(float) + sizeof(int));

    /// <summary>Row <paramref name="row"/> of an operand whose prepared form is one row after the other.</summary>
    public static QuantizedRow Of(in Operand operand, int row) => new(operand.Prepared + row * Bytes(operand.Cols), operand.Cols);

    private static long Blocks(int cols) => BlockSums.Padded(cols / QuantizedBlock.Elements);
}
