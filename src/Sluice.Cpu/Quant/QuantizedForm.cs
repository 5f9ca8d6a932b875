using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>
/// The input form of block kernels: up to <paramref name="few"/> rows as <see cref="QuantizedRow"/>s, more as
/// <see cref="QuantizedTiles{E}"/>.
/// </summary>
internal sealed unsafe class QuantizedForm<R, E, L, V>(int few, int wide, int narrowest) : InputForm
    where R : IRowEncoding
    where E : ITileEncoding
    where L : ILanes<V>
    where V : unmanaged
{
    private readonly QuantizedTiles<E> _tiles = new(wide, narrowest);

    public override long BytesFor(int rows, int cols) =>
        rows <= few ? QuantizedRows<R, L, V>.Instance.BytesFor(rows, cols) : _tiles.Bytes(rows, cols / QuantizedBlock.Elements);

    public override int UnitsFor(int rows) => rows <= few ? rows : _tiles.Count(rows);

    public override void Prepare(in Operand operand, int start, int end)
    {
        if (operand.Rows <= few)
        {
            QuantizedRows<R, L, V>.Instance.Prepare(operand, start, end);
            return;
        }
        int blocks = operand.Cols / QuantizedBlock.Elements;
        for (int tile = start; tile < end; tile++)
            PrepareTile(operand, tile * _tiles.Wide, _tiles.RowsOf(tile, operand.Rows), blocks, operand.Prepared + _tiles.Offset(tile, blocks));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PrepareTile(in Operand operand, int firstRow, int tileRows, int blocks, byte* tile)
    {
        sbyte* apart = stackalloc sbyte[QuantizedBlock.Elements];
        int present = Math.Min(tileRows, operand.Rows - firstRow);
        int stride = tileRows * E.StepBytes;
        int blockBytes = QuantizedTiles<E>.BlockBytes(tileRows);
        bool inPlace = tileRows == 1 && E.InOrder;
        if (present < tileRows)
            new Span<byte>(tile, blocks * blockBytes).Clear();
        for (int t = 0; t < present; t++)
        {
            float* x = operand.Row(firstRow + t);
            byte* block = tile;
            for (int b = 0; b < blocks; b++, block += blockBytes, x += QuantizedBlock.Elements)
            {
                float* scales = (float*)(block + stride * E.Steps);
                sbyte* values = inPlace ? (sbyte*)block : apart;
                QuantizedBlock.Quantize<L, V>(x, values, out scales[t], out int sum);
                ((int*)(scales + tileRows))[t] = E.ZeroPoint * sum;
                if (!inPlace)
                    E.Write(values, block + t * E.StepBytes, stride);
            }
        }
    }
}
