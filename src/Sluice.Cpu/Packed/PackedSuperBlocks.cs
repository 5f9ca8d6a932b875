using Iced.Intel;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Packed;

/// <summary>Packed super-blocks and their product.</summary>
internal readonly struct PackedSuperBlocks<F> : IPackedFormat where F : IPackedSuper
{
    public static PackedLayout Layout => F.Layout;

    public static InputForm Input => PackedTiles.SuperInput;

    public static int TileBlockBytes(int tileRows) => SuperTiles.BlockBytes(tileRows);

    public static void Write(Assembler c, int tileRows, Fetch fetch) => SuperProduct<F>.Write(c, tileRows, fetch);
}
