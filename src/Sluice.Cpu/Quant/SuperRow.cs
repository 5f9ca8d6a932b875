using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Activations of one row in <see cref="SuperBlock"/>s: all the values, then the scales, then the sums of each 16 values (of a super-block
/// the even ones, then the odd ones), then those of each 32. Super-blocks go on with zeros to a multiple of <see cref="BlockSums.Count"/>.
/// </summary>
internal readonly unsafe struct SuperRow(byte* memory, int cols)
{
    public readonly sbyte* Values = (sbyte*)memory;

    public readonly float* Scales = (float*)(memory + Blocks(cols) * SuperBlock.Elements);

    public readonly short* Sums16 = (short*)(memory + Blocks(cols) * (SuperBlock.Elements + sizeof(float)));

    public readonly short* Sums32 = (short*)(memory + Blocks(cols) * (SuperBlock.Elements + sizeof(float) + SuperBlock.Sums * sizeof(short)));

    public static long Bytes(int cols) => Blocks(cols) * (SuperBlock.Elements + sizeof(float) + (SuperBlock.Sums + SuperBlock.Sums / 2) * sizeof(short));

    /// <summary>Row <paramref name="row"/> of an operand whose prepared form is one row after the other.</summary>
    public static SuperRow Of(in Operand operand, int row) => new(operand.Prepared + row * Bytes(operand.Cols), operand.Cols);

    private static long Blocks(int cols) => BlockSums.Padded(cols / SuperBlock.Elements);
}
