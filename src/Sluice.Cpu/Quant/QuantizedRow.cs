using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>Activations of one row in <see cref="QuantizedBlock"/>s: all the bytes, then all the scales, then eight times each block's sum of bytes.</summary>
internal readonly unsafe struct QuantizedRow(byte* memory, int cols)
{
    /// <summary>What block sums are stored multiplied by: the offset of Q4_0's nibbles, which then comes off with one instruction.</summary>
    public const int SumFactor = 8;

    public readonly sbyte* Values = (sbyte*)memory;

    public readonly float* Scales = (float*)(memory + Aligned(cols));

    public readonly int* Sums = (int*)(memory + Aligned(cols) + Aligned(cols / QuantizedBlock.Elements * sizeof(float)));

    public static long Bytes(int cols) => Aligned(cols) + 2 * Aligned(cols / QuantizedBlock.Elements * sizeof(float));

    /// <summary>Row <paramref name="row"/> of an operand whose prepared form is one row after the other.</summary>
    public static QuantizedRow Of(in Operand operand, int row) => new(operand.Prepared + row * Bytes(operand.Cols), operand.Cols);

    private static long Aligned(long bytes) => (bytes + 63) & ~63L;
}
