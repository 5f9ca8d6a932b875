namespace Sluice.Cpu.Quant;

/// <summary>
/// Activations of several rows in tiles of <see cref="Wide"/> rows, the last one as <see cref="TileRows"/> says. A tile is,
/// super-block by super-block: 64 steps of four values of each row, a scale per row, four pairs of sums of 32 values per row, eight pairs
/// of sums of 16. Rows beyond the last are zeros.
/// </summary>
internal readonly struct SuperTiles(int wide, int narrowest)
{
    /// <summary>Bytes of four values, a scale or a pair of sums of one row.</summary>
    public const int StepBytes = 4;

    /// <summary>Steps of values.</summary>
    public const int Quads = SuperBlock.Elements / 4;

    /// <summary>Pairs of sums of 32 values.</summary>
    public const int Pairs32 = SuperBlock.Sums / 4;

    /// <summary>Pairs of sums of 16 values.</summary>
    public const int Pairs16 = SuperBlock.Sums / 2;

    public readonly int Wide = wide;
    public readonly int Narrowest = narrowest;

    public int Count(int rows) => TileRows.Count(rows, Wide);

    /// <summary>Rows that tile <paramref name="tile"/> has room for.</summary>
    public int RowsOf(int tile, int rows) => TileRows.Of(tile, rows, Wide, Narrowest);

    public long Offset(int tile, int blocks) => (long)tile * blocks * BlockBytes(Wide);

    public long Bytes(int rows, int blocks) => (long)Count(rows) * blocks * BlockBytes(Wide);

    public static int BlockBytes(int tileRows) => tileRows * StepBytes * (Quads + 1 + Pairs32 + Pairs16);
}
