using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Products with block-quantised weights and activations in signed bytes. Per output, and in every variant alike: for each block in order, the exact
/// integer dot, then one fused multiply-add of it with the product of both scales. So all variants, one row and many, agree bit for bit.
/// </summary>
/// <typeparam name="G">How one activation row is multiplied.</typeparam>
/// <typeparam name="P">How several are.</typeparam>
/// <typeparam name="E">What the activations of several rows look like for <typeparamref name="P"/>.</typeparam>
/// <typeparam name="L">What quantises them, on registers <typeparamref name="V"/>.</typeparam>
internal sealed unsafe class BlockKernel<G, P, E, L, V> : MatrixKernel
    where G : IRowGroup
    where P : IPanel
    where E : ITileEncoding
    where L : ILanes<V>
    where V : unmanaged
{
    /// <summary>Up to this many activation rows are cheaper one by one than packing the weights is.</summary>
    public const int FewRows = 2;

    private readonly QuantizedTiles<E> _tiles = new(P.WideTile, P.NarrowTile);

    public override InputForm Input { get; } = new QuantizedForm<E, L, V>(FewRows, P.WideTile, P.NarrowTile);

    public override int RowGroup => Panel.Rows;

    public override long ScratchBytes(int rows, int cols) =>
        rows <= FewRows ? 0 : (long)cols / QuantizedBlock.Elements * P.BlockBytes + P.WideTile * Panel.Rows * sizeof(float);

    public override void Multiply(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
    {
        if (operand.Rows <= FewRows)
            MultiplyRows(weight, operand, start, end, y, yStride);
        else
            MultiplyTiles(weight, operand, start, end, y, yStride, scratch);
    }

    private static void MultiplyRows(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride)
    {
        byte** rows = stackalloc byte*[G.Rows];
        float* sums = stackalloc float[G.Rows];
        int blocks = operand.Cols / QuantizedBlock.Elements;
        for (int n = start; n < end; n += G.Rows)
        {
            int valid = Math.Min(G.Rows, end - n);
            Point(rows, G.Rows, weight, n, valid);
            for (int r = 0; r < operand.Rows; r++)
            {
                float* target = y + r * yStride + n;
                G.Multiply(rows, weight.Row(n + G.Rows), QuantizedRow.Of(operand, r), blocks, valid == G.Rows ? target : sums);
                if (valid < G.Rows)
                    Unsafe.CopyBlockUnaligned(target, sums, (uint)valid * sizeof(float));
            }
        }
    }

    private void MultiplyTiles(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
    {
        byte** rows = stackalloc byte*[Panel.Rows];
        int blocks = operand.Cols / QuantizedBlock.Elements;
        float* sums = (float*)scratch;
        byte* panel = scratch + P.WideTile * Panel.Rows * sizeof(float);
        for (int n = start; n < end; n += Panel.Rows)
        {
            int valid = Math.Min(Panel.Rows, end - n);
            Point(rows, Panel.Rows, weight, n, valid);
            P.Pack(rows, blocks, panel);
            for (int tile = 0; tile < _tiles.Count(operand.Rows); tile++)
            {
                int tileRows = _tiles.RowsOf(tile, operand.Rows);
                byte* packed = operand.Prepared + _tiles.Offset(tile, blocks);
                new Span<float>(sums, tileRows * Panel.Rows).Clear();
                if (tileRows == P.NarrowTile)
                    P.MultiplyNarrow(panel, packed, blocks, sums);
                else
                    P.MultiplyWide(panel, packed, blocks, sums);
                int firstRow = tile * P.WideTile;
                for (int t = 0; t < Math.Min(tileRows, operand.Rows - firstRow); t++)
                    Unsafe.CopyBlockUnaligned(y + (firstRow + t) * yStride + n, sums + t * Panel.Rows, (uint)valid * sizeof(float));
            }
        }
    }

    /// <summary>Points at <paramref name="count"/> rows; the last valid one stands in for rows that are not there.</summary>
    private static void Point(byte** rows, int count, in StoredMatrix weight, int first, int valid)
    {
        for (int i = 0; i < count; i++)
            rows[i] = weight.Row(first + Math.Min(i, valid - 1));
    }
}
