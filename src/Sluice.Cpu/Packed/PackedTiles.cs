using System.Runtime.Intrinsics;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Packed;

/// <summary>How activation rows are cut into tiles: of eight rows, the last one of as few as a power of two allows.</summary>
internal static class PackedTiles
{
    public const int Wide = 8;
    public const int Narrowest = 1;

    /// <summary>The input form of all formats of super-blocks, so that a layer which mixes them prepares its input once.</summary>
    public static InputForm SuperInput { get; } = new SuperForm<Lanes512, Vector512<float>>(0, Wide, Narrowest);

    public static int Count(int rows) => TileRows.Count(rows, Wide);

    /// <summary>Rows that tile <paramref name="tile"/> has room for.</summary>
    public static int RowsOf(int tile, int rows) => TileRows.Of(tile, rows, Wide, Narrowest);
}
