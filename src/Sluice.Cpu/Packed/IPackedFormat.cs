using Iced.Intel;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Packed;

/// <summary>A weight format in its <see cref="PackedLayout"/>, and the product that is emitted for it.</summary>
internal interface IPackedFormat
{
    static abstract PackedLayout Layout { get; }

    /// <summary>Activations in tiles of up to <see cref="PackedTiles.Wide"/> rows.</summary>
    static abstract InputForm Input { get; }

    /// <summary>Bytes of a block of a tile of activations.</summary>
    static abstract int TileBlockBytes(int tileRows);

    /// <summary>
    /// Writes void (byte* panel, byte* tile, long blocks, float* sums, byte* next), the arguments in rdi, rsi, rdx, rcx and r8: leaves the
    /// <see cref="Quant.BlockSums"/>, [sum][activation row of the tile][weight row].
    /// </summary>
    /// <param name="tileRows">Activation rows of the tile.</param>
    /// <param name="fetch">What is fetched from <c>next</c> on.</param>
    static abstract void Write(Assembler c, int tileRows, Fetch fetch);

    /// <summary>Writes the product of a single row as <see cref="RowOfPanels"/> describes it, with the same bits.</summary>
    static abstract void WriteRow(Assembler c);
}
