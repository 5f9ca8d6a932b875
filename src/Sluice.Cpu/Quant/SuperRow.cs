using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Activations of one row in <see cref="SuperBlock"/>s: all the values, then the scales, which go on with zeros to a multiple of <see cref="BlockSums.Count"/>,
/// then the sums of each 16 values, then those of each 32.
/// </summary>
internal readonly unsafe struct SuperRow(byte* memory, int cols)
{
    public readonly sbyte* Values = (sbyte*)memory;

    public readonly float* Scales = (float*)(memory + cols);

    public readonly short* Sums16 = (short*)(memory + cols + ScaleBytes(cols));

    public readonly short* Sums32 = (short*)(memory + cols + ScaleBytes(cols) + cols / SuperBlock.SumElements * sizeof(short));

    public static long Bytes(int cols) => cols + ScaleBytes(cols) + 3L * cols / (2 * SuperBlock.SumElements) * sizeof(short);

    /// <summary>Row <paramref name="row"/> of an operand whose prepared form is one row after the other.</summary>
    public static SuperRow Of(in Operand operand, int row) => new(operand.Prepared + row * Bytes(operand.Cols), operand.Cols);

    private static long ScaleBytes(int cols) => BlockSums.Padded(cols / SuperBlock.Elements) * sizeof(float);
}
