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
    /// How far ahead of itself a product fetches a panel that no other tile reads. The hardware does most of it, as panels are read in
    /// sequence (Q8_0, Q4_0 and Q4_K reach the memory's rate without, Q6_K 80 % of it); farther ahead the two get in each other's way.
    /// </summary>
    private const int Ahead = 1024;

    private readonly PackedProducts<F> _products = new();

    public override PackedLayout Layout => F.Layout;

    public override InputForm Input => F.Input;

    public override int RowGroup => PackedLayout.Rows;

    public override long ScratchBytes(int rows, int cols) => BlockSums.Count * PackedTiles.RowsOf(0, rows) * PackedLayout.Rows * sizeof(float);

    public override void Multiply(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
    {
        float* sums = (float*)scratch;
        int blocks = operand.Cols / F.Layout.BlockElements;
        long panelBytes = (long)blocks * F.Layout.PackedBytes;
        int tiles = PackedTiles.Count(operand.Rows);
        byte* panel = weight.Row(start);
        for (int n = start; n < end; n += PackedLayout.Rows, panel += panelBytes)
        {
            int valid = Math.Min(PackedLayout.Rows, end - n);
            byte* tile = operand.Prepared;
            for (int t = 0; t < tiles; t++)
            {
                int tileRows = PackedTiles.RowsOf(t, operand.Rows);
                int firstRow = t * PackedTiles.Wide;
                if (tiles == 1)
                    _products.Get(tileRows, Fetch.Soon)(panel, tile, blocks, sums, panel + Ahead);
                else if (t < 2) // the first two tiles fetch half of the next panel each
                    _products.Get(tileRows, Fetch.Later)(panel, tile, blocks, sums, panel + panelBytes + t * panelBytes / 2);
                else
                    _products.Get(tileRows, Fetch.Nothing)(panel, tile, blocks, sums, null);
                Panel.Fold(sums, tileRows, Math.Min(tileRows, operand.Rows - firstRow), valid, y + firstRow * yStride + n, yStride);
                tile += (long)blocks * F.TileBlockBytes(tileRows);
            }
        }
    }
}
