using Sluice.Cpu.Linear;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Packed;

/// <summary>
/// Products with packed weights: the same emitted product for one activation row and for many, panel after panel. Touch it only where
/// <see cref="Dispatch.KernelVariant.Avx512Vnni"/> is supported.
/// </summary>
internal sealed unsafe class PackedKernel<F> : MatrixKernel where F : IPackedFormat
{
    /// <summary>
    /// Activations that stay in the second-level cache while a stretch of panels passes by them, which is read once for each: two to four
    /// per cent faster with 512 rows than all activations for each panel (Zen 4).
    /// </summary>
    private const int TileBytesAtOnce = 256 * 1024;

    private readonly PackedProducts<F> _products = new();

    public override PackedLayout Layout => F.Layout;

    public override InputForm Input => F.Input;

    public override int RowGroup => PackedLayout.Rows;

    public override long ScratchBytes(int rows, int cols) => BlockSums.Count * PackedTiles.RowsOf(0, rows) * PackedLayout.Rows * sizeof(float);

    public override void Multiply(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
    {
        if (operand.Rows == 1)
        {
            MultiplyRow(weight, operand, start, end, y, (float*)scratch);
            return;
        }
        int blocks = operand.Cols / F.Layout.BlockElements;
        int tilesAtOnce = Math.Max(2, TileBytesAtOnce / (blocks * F.TileBlockBytes(PackedTiles.Wide)));
        int tiles = PackedTiles.Count(operand.Rows);
        for (int t = 0; t < tiles; t += tilesAtOnce)
            MultiplyTiles(weight, operand, start, end, t, Math.Min(tiles, t + tilesAtOnce), y, yStride, (float*)scratch);
    }

    private void MultiplyRow(in StoredMatrix weight, in Operand operand, int start, int end, float* y, float* sums)
    {
        long blocks = operand.Cols / F.Layout.BlockElements;
        int panels = (end - start) / PackedLayout.Rows, rest = (end - start) % PackedLayout.Rows;
        if (panels > 0)
            _products.GetRow()(weight.Row(start), operand.Prepared, blocks, sums, y + start, panels);
        if (rest == 0)
            return;
        float* last = stackalloc float[PackedLayout.Rows];
        _products.GetRow()(weight.Row(end - rest), operand.Prepared, blocks, sums, last, 1);
        new Span<float>(last, rest).CopyTo(new Span<float>(y + end - rest, rest));
    }

    private void MultiplyTiles(
        in StoredMatrix weight, in Operand operand, int start, int end, int firstTile, int endTile, float* y, long yStride, float* sums)
    {
        int blocks = operand.Cols / F.Layout.BlockElements;
        long panelBytes = (long)blocks * F.Layout.PackedBytes;
        long tileBytes = (long)blocks * F.TileBlockBytes(PackedTiles.Wide);
        byte* panel = weight.Row(start);
        for (int n = start; n < end; n += PackedLayout.Rows, panel += panelBytes)
        {
            int valid = Math.Min(PackedLayout.Rows, end - n);
            for (int t = firstTile; t < endTile; t++)
            {
                byte* tile = operand.Prepared + t * tileBytes;
                int tileRows = PackedTiles.RowsOf(t, operand.Rows);
                int firstRow = t * PackedTiles.Wide;
                if (endTile - firstTile == 1)
                    _products.Get(tileRows, Fetch.Soon)(panel, tile, blocks, sums, panel + Fetching.AheadBytes);
                else if (t - firstTile < 2) // the first two tiles fetch half of the next panel each
                    _products.Get(tileRows, Fetch.Later)(panel, tile, blocks, sums, panel + panelBytes + (t - firstTile) * panelBytes / 2);
                else
                    _products.Get(tileRows, Fetch.Nothing)(panel, tile, blocks, sums, null);
                Panel.Fold(sums, tileRows, Math.Min(tileRows, operand.Rows - firstRow), valid, y + firstRow * yStride + n, yStride);
            }
        }
    }
}
