using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Products with weights of super-blocks and activations in signed bytes; for the order of summation see <see cref="SuperBlock"/>.
/// </summary>
/// <typeparam name="F">The format.</typeparam>
/// <typeparam name="P">How more than a few activation rows are multiplied.</typeparam>
/// <param name="input">The form of the same tiles; shared by the formats.</param>
internal sealed unsafe class SuperBlockKernel<F, P>(InputForm input) : MatrixKernel
    where F : ISuperRow, ISuperPanel
    where P : ISuperProduct
{
    /// <summary>Up to this many activation rows are cheaper one by one than packing the weights is.</summary>
    public const int FewRows = 2;

    /// <summary>Stored rows that stay in the first-level cache between one activation row and the next.</summary>
    private const int RowsAtOnce = 8;

    /// <summary>
    /// Up to this many tiles a super-block is packed and multiplied with all of them before the next, so that it never leaves the
    /// first-level cache; with more, all super-blocks are packed before the first tile.
    /// </summary>
    private const int FewTiles = 4;

    private readonly SuperTiles _tiles = new(P.WideTile, P.NarrowTile);

    public override InputForm Input => input;

    public override int RowGroup => Panel.Rows;

    public override long ScratchBytes(int rows, int cols)
    {
        if (rows <= FewRows)
            return 0;
        int tiles = _tiles.Count(rows);
        return (tiles <= FewTiles ? 1 : cols / SuperBlock.Elements) * (long)SuperPanel.BlockBytes<F>() + Math.Min(tiles, FewTiles) * SumsBytes;
    }

    private static int SumsBytes => BlockSums.Count * P.WideTile * Panel.Rows * sizeof(float);

    public override void Multiply(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
    {
        if (operand.Rows <= FewRows)
            MultiplyRows(weight, operand, start, end, y, yStride);
        else
            MultiplyTiles(weight, operand, start, end, y, yStride, scratch);
    }

    private static void MultiplyRows(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride)
    {
        int blocks = operand.Cols / SuperBlock.Elements;
        int rowsAtOnce = operand.Rows == 1 ? end - start : RowsAtOnce;
        for (int n = start; n < end; n += rowsAtOnce)
        {
            int rows = Math.Min(rowsAtOnce, end - n);
            for (int r = 0; r < operand.Rows; r++)
                SuperRowProduct<F>.Multiply(weight.Row(n), weight.RowStrideBytes, rows, SuperRow.Of(operand, r), blocks, y + r * yStride + n);
        }
    }

    private void MultiplyTiles(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
    {
        byte** rows = stackalloc byte*[Panel.Rows];
        int blocks = operand.Cols / SuperBlock.Elements;
        int tiles = _tiles.Count(operand.Rows);
        int tilesAtOnce = Math.Min(tiles, FewTiles);
        int blocksAtOnce = tiles <= FewTiles ? 1 : blocks;
        float* sums = (float*)scratch;
        byte* panel = scratch + tilesAtOnce * SumsBytes;
        for (int n = start; n < end; n += Panel.Rows)
        {
            int valid = Math.Min(Panel.Rows, end - n);
            for (int i = 0; i < Panel.Rows; i++)
                rows[i] = weight.Row(n + Math.Min(i, valid - 1)); // the last row stands in for rows that are not there
            byte* next = weight.Row(n + Panel.Rows);
            if (blocksAtOnce == blocks)
            {
                SuperPanel.Pack<F>(rows, 0, blocks, next, panel);
                for (int tile = 0; tile < tiles; tile++)
                {
                    Panel.Clear(sums, _tiles.RowsOf(tile, operand.Rows));
                    Add(operand, tile, 0, blocks, panel, sums);
                    Fold(operand, tile, valid, sums, y + n, yStride);
                }
                continue;
            }
            new Span<byte>(sums, tiles * SumsBytes).Clear();
            for (int b = 0; b < blocks; b++)
            {
                SuperPanel.Pack<F>(rows, b, 1, next + (long)b * Panel.Rows * F.BlockBytes, panel);
                for (int tile = 0; tile < tiles; tile++)
                    Add(operand, tile, b, 1, panel, sums + tile * (SumsBytes / sizeof(float)));
            }
            for (int tile = 0; tile < tiles; tile++)
                Fold(operand, tile, valid, sums + tile * (SumsBytes / sizeof(float)), y + n, yStride);
        }
    }

    /// <summary>Adds super-blocks, either all or one, to the sums of a tile.</summary>
    private void Add(in Operand operand, int tile, int first, int blocks, byte* panel, float* sums)
    {
        int tileRows = _tiles.RowsOf(tile, operand.Rows);
        byte* packed = operand.Prepared + _tiles.Offset(tile, operand.Cols / SuperBlock.Elements) + (long)first * SuperTiles.BlockBytes(tileRows);
        P.Multiply(panel, packed, tileRows, blocks, sums + first % BlockSums.Count * tileRows * Panel.Rows);
    }

    private void Fold(in Operand operand, int tile, int valid, float* sums, float* y, long yStride)
    {
        int firstRow = tile * _tiles.Wide;
        int tileRows = _tiles.RowsOf(tile, operand.Rows);
        Panel.Fold(sums, tileRows, Math.Min(tileRows, operand.Rows - firstRow), valid, y + firstRow * yStride, yStride);
    }
}
