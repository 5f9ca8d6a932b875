using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>Products with weights of super-blocks and activations in signed bytes; for the order of summation see <see cref="SuperBlock"/>.</summary>
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

    private readonly SuperTiles _tiles = new(P.WideTile, P.NarrowTile);

    public override InputForm Input => input;

    public override int RowGroup => Panel.Rows;

    public override long ScratchBytes(int rows, int cols) =>
        rows <= FewRows ? 0 : (long)cols / SuperBlock.Elements * SuperPanel.BlockBytes<F>() + SumsBytes;

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
        float* sums = (float*)scratch;
        byte* panel = scratch + SumsBytes;
        for (int n = start; n < end; n += Panel.Rows)
        {
            int valid = Math.Min(Panel.Rows, end - n);
            for (int i = 0; i < Panel.Rows; i++)
                rows[i] = weight.Row(n + Math.Min(i, valid - 1)); // the last row stands in for rows that are not there
            SuperPanel.Pack<F>(rows, weight.Row(n + Panel.Rows), blocks, panel);
            for (int tile = 0; tile < _tiles.Count(operand.Rows); tile++)
            {
                int tileRows = _tiles.RowsOf(tile, operand.Rows);
                Panel.Clear(sums, tileRows);
                P.Multiply(panel, operand.Prepared + _tiles.Offset(tile, blocks), tileRows, blocks, sums);
                int firstRow = tile * _tiles.Wide;
                Panel.Fold(sums, tileRows, Math.Min(tileRows, operand.Rows - firstRow), valid, y + firstRow * yStride + n, yStride);
            }
        }
    }
}
