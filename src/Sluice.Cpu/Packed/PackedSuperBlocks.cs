using Iced.Intel;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Packed;

/// <summary>Packed super-blocks and their product.</summary>
internal readonly struct PackedSuperBlocks<F> : IPackedFormat where F : IPackedSuper
{
    public static PackedLayout Layout => F.Layout;

    public static InputForm Input => PackedTiles.SuperInput;

    /// <summary>Joining high bits to nibbles leaves too few lines on their way: Q6_K decodes 17 tokens/s without fetching, 21 with.</summary>
    private static Fetch OneRowFetch => F.HighBits == 0 ? Fetch.Nothing : Fetch.Soon;

    public static int TileBlockBytes(int tileRows) => SuperTiles.BlockBytes(tileRows);

    public static void Write(Assembler c, int tileRows, Fetch fetch) => SuperProduct<F>.Write(c, tileRows, fetch);

    public static void WriteRow(Assembler c) => SuperProduct<F>.WriteRow(c, OneRowFetch);
}
