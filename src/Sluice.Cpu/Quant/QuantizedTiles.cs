namespace Sluice.Cpu.Quant;

/// <summary>
/// Activations of several rows in tiles of <see cref="Wide"/> rows, the last one as <see cref="TileRows"/> says. A tile is,
/// block by block: its steps (see <see cref="ITileEncoding"/>), a scale per row, and what comes off the dot per row. Rows beyond the last
/// are zeros.
/// </summary>
internal readonly struct QuantizedTiles<E>(int wide, int narrowest) where E : ITileEncoding
{
    public readonly int Wide = wide;
    public readonly int Narrowest = narrowest;

    public int Count(int rows) => TileRows.Count(rows, Wide);

    /// <summary>Rows that tile <paramref name="tile"/> has room for.</summary>
    public int RowsOf(int tile, int rows) => TileRows.Of(tile, rows, Wide, Narrowest);

    public long Offset(int tile, int blocks) => (long)tile * blocks * BlockBytes(Wide);

    public long Bytes(int rows, int blocks) => (long)Count(rows) * blocks * BlockBytes(Wide);

    public static int BlockBytes(int tileRows) => tileRows * (E.Steps * E.StepBytes + sizeof(float) + sizeof(int));
}
