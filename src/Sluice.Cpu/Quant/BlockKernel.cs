using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Products with block-quantised weights and activations in signed bytes; for the order of summation see <see cref="BlockSums"/>.
/// </summary>
/// <typeparam name="G">How one activation row is multiplied.</typeparam>
/// <typeparam name="P">How several are.</typeparam>
/// <typeparam name="E">What the activations of several rows look like for <typeparamref name="P"/>.</typeparam>
/// <typeparam name="L">What quantises them, on registers <typeparamref name="V"/>.</typeparam>
internal sealed unsafe class BlockKernel<G, P, E, L, V> : MatrixKernel
    where G : IRowProduct
    where P : IPanel
    where E : ITileEncoding
    where L : ILanes<V>
    where V : unmanaged
{
    /// <summary>Up to this many activation rows are cheaper one by one than packing the weights is.</summary>
    public const int FewRows = 2;

    /// <summary>Stored rows that stay in the first-level cache between one activation row and the next.</summary>
    private const int RowsAtOnce = 8;

    private readonly QuantizedTiles<E> _tiles = new(P.WideTile, P.NarrowTile);

    public override InputForm Input { get; } = new QuantizedForm<G, E, L, V>(FewRows, P.WideTile, P.NarrowTile);

    public override int RowGroup => Panel.Rows;

    public override long ScratchBytes(int rows, int cols) =>
        rows <= FewRows ? 0 : (long)cols / QuantizedBlock.Elements * P.BlockBytes + SumsBytes;

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
        int blocks = operand.Cols / QuantizedBlock.Elements;
        int rowsAtOnce = operand.Rows == 1 ? end - start : RowsAtOnce;
        for (int n = start; n < end; n += rowsAtOnce)
        {
            int rows = Math.Min(rowsAtOnce, end - n);
            for (int r = 0; r < operand.Rows; r++)
            {
                RowProduct<G>.Multiply(
                    weight.Row(n), weight.RowStrideBytes, rows, weight.Row(weight.Rows - 1) + blocks * G.BlockBytes, QuantizedRow.Of(operand, r), blocks, y + r * yStride + n);
            }
        }
    }

    private void MultiplyTiles(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
    {
        byte** rows = stackalloc byte*[Panel.Rows];
        int blocks = operand.Cols / QuantizedBlock.Elements;
        float* sums = (float*)scratch;
        byte* panel = scratch + SumsBytes;
        for (int n = start; n < end; n += Panel.Rows)
        {
            int valid = Math.Min(Panel.Rows, end - n);
            for (int i = 0; i < Panel.Rows; i++)
                rows[i] = weight.Row(n + Math.Min(i, valid - 1)); // the last row stands in for rows that are not there
            P.Pack(rows, weight.Row(n + Panel.Rows), blocks, panel);
            for (int tile = 0; tile < _tiles.Count(operand.Rows); tile++)
            {
                int tileRows = _tiles.RowsOf(tile, operand.Rows);
                byte* packed = operand.Prepared + _tiles.Offset(tile, blocks);
                Panel.Clear(sums, tileRows);
                if (tileRows == P.NarrowTile)
                    P.MultiplyNarrow(panel, packed, blocks, sums);
                else
                    P.MultiplyWide(panel, packed, blocks, sums);
                int firstRow = tile * P.WideTile;
                Panel.Fold(sums, tileRows, Math.Min(tileRows, operand.Rows - firstRow), valid, y + firstRow * yStride + n, yStride);
            }
        }
    }
}
