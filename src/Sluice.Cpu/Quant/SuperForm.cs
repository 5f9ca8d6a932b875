using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>
/// The input form of all formats of <see cref="SuperBlock"/>s, so that a layer which mixes them prepares its input once: up to
/// <paramref name="few"/> rows as
/// <see cref="SuperRow"/>s, more as <see cref="SuperTiles"/>.
/// </summary>
internal sealed unsafe class SuperForm<L, V>(int few, int wide, int narrowest) : InputForm
    where L : ILanes<V>
    where V : unmanaged
{
    private readonly SuperTiles _tiles = new(wide, narrowest);

    public override long BytesFor(int rows, int cols) =>
        rows <= few ? rows * SuperRow.Bytes(cols) : _tiles.Bytes(rows, cols / SuperBlock.Elements);

    public override int UnitsFor(int rows) => rows <= few ? rows : _tiles.Count(rows);

    public override void Prepare(in Operand operand, int start, int end)
    {
        int blocks = operand.Cols / SuperBlock.Elements;
        for (int unit = start; unit < end; unit++)
        {
            if (operand.Rows <= few)
                PrepareRow(operand.Row(unit), blocks, SuperRow.Of(operand, unit));
            else
                PrepareTile(operand, unit * _tiles.Wide, _tiles.RowsOf(unit, operand.Rows), blocks, operand.Prepared + _tiles.Offset(unit, blocks));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PrepareRow(float* x, int blocks, SuperRow row)
    {
        short* sums = stackalloc short[SuperBlock.Sums];
        for (int b = 0; b < blocks; b++)
        {
            SuperBlock.Quantize<L, V>(x + b * SuperBlock.Elements, row.Values + b * SuperBlock.Elements, out row.Scales[b], sums);
            short* sums16 = row.Sums16 + b * SuperBlock.Sums;
            short* sums32 = row.Sums32 + b * SuperBlock.Sums / 2;
            for (int s = 0; s < SuperBlock.Sums / 2; s++)
            {
                sums16[s] = sums[2 * s];
                sums16[s + SuperBlock.Sums / 2] = sums[2 * s + 1];
                sums32[s] = (short)(sums[2 * s] + sums[2 * s + 1]);
            }
        }
        int rest = BlockSums.Padded(blocks) - blocks;
        new Span<sbyte>(row.Values + blocks * SuperBlock.Elements, rest * SuperBlock.Elements).Clear();
        new Span<float>(row.Scales + blocks, rest).Clear();
        new Span<short>(row.Sums16 + blocks * SuperBlock.Sums, rest * SuperBlock.Sums).Clear();
        new Span<short>(row.Sums32 + blocks * SuperBlock.Sums / 2, rest * SuperBlock.Sums / 2).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PrepareTile(in Operand operand, int firstRow, int tileRows, int blocks, byte* tile)
    {
        sbyte* values = stackalloc sbyte[SuperBlock.Elements];
        short* sums = stackalloc short[SuperBlock.Sums];
        int present = Math.Min(tileRows, operand.Rows - firstRow);
        if (present < tileRows)
            new Span<byte>(tile, blocks * SuperTiles.BlockBytes(tileRows)).Clear();
        for (int t = 0; t < present; t++)
        {
            float* x = operand.Row(firstRow + t);
            int* to = (int*)tile + t;
            for (int b = 0; b < blocks; b++, x += SuperBlock.Elements)
            {
                SuperBlock.Quantize<L, V>(x, values, out float scale, sums);
                // Not quantised in place for one row, as QuantizedForm does: that takes twice as long here where threads share no cache (Zen 4).
                for (int i = 0; i < SuperTiles.Quads; i++, to += tileRows)
                    *to = ((int*)values)[i];
                *to = BitConverter.SingleToInt32Bits(scale);
                to += tileRows;
                for (int i = 0; i < SuperTiles.Pairs32; i++, to += tileRows)
                {
                    int first = i / 2 * 8 + i % 2 * 2;
                    *to = Pair(sums[first] + sums[first + 1], sums[first + 4] + sums[first + 5]);
                }
                for (int i = 0; i < SuperTiles.Pairs16; i++, to += tileRows)
                {
                    int first = i / 2 * 4 + i % 2;
                    *to = Pair(sums[first], sums[first + 2]);
                }
            }
        }
    }

    private static int Pair(int lower, int upper) => (ushort)lower | upper << 16;
}
