namespace Sluice.Cpu.Quant;

/// <summary>
/// Activations of several rows in tiles of <see cref="Wide"/> rows, the last one of <see cref="Narrow"/> if that is enough. A tile is,
/// block by block: its steps (see <see cref="ITileEncoding"/>), a scale per row, and what comes off the dot per row. Rows beyond the last
/// are zeros.
/// </summary>
internal readonly struct QuantizedTiles<E>(int wide, int narrow) where E : ITileEncoding
{
    public readonly int Wide = wide;
    public readonly int Narrow = narrow;

    public int Count(int rows) => (rows + Wide - 1) / Wide;

    /// <summary>Rows that tile <paramref name="tile"/> has room for.</summary>
    public int RowsOf(int tile, int rows) => rows - tile * Wide <= Narrow ? Narrow : Wide;

    public long Offset(int tile, int blocks) => (long)tile * blocks * BlockBytes(Wide);

    public long Bytes(int rows, int blocks) => (long)Count(rows) * blocks * BlockBytes(Wide);

    public static int BlockBytes(int tileRows) => tileRows * (E.Steps * E.StepBytes + sizeof(float) + sizeof(int));
}
