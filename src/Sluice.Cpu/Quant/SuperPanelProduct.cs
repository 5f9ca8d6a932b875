using System.Runtime.CompilerServices;

namespace Sluice.Cpu.Quant;

/// <summary>
/// The product of a <see cref="SuperPanel"/> with a tile of <see cref="SuperTiles"/>: one source for all formats and register widths. Lanes are weight rows, one
/// register of them at a time, so that the sums of the whole tile stay in registers.
/// </summary>
/// <typeparam name="F">The format.</typeparam>
/// <typeparam name="W">Operations on registers <typeparamref name="V"/>.</typeparam>
internal static unsafe class SuperPanelProduct<F, W, V>
    where F : ISuperPanel
    where W : ISuperLanes<V>
    where V : unmanaged
{
    /// <summary>Activation rows of a full tile: with 32 registers eight, with 16 four.</summary>
    public static int WideTile => W.Rows == 16 ? 8 : 4;

    public static int NarrowTile => WideTile / 2;

    /// <param name="sums">The <see cref="BlockSums"/>, [sum][activation row of the tile][weight row]; zeros on entry.</param>
    public static void Multiply(byte* panel, byte* tile, int tileRows, int blocks, float* sums)
    {
        for (int part = 0; part < Panel.Rows; part += W.Rows)
        {
            if (tileRows == 8)
                Multiply<TileOf8>(panel + part * sizeof(int), tile, blocks, sums + part);
            else if (tileRows == 4)
                Multiply<TileOf4>(panel + part * sizeof(int), tile, blocks, sums + part);
            else
                Multiply<TileOf2>(panel + part * sizeof(int), tile, blocks, sums + part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Multiply<T>(byte* panel, byte* tile, int blocks, float* sums) where T : ITileWidth
    {
        const int Step = SuperTiles.StepBytes;
        int* dots = stackalloc int[T.Rows * W.Rows];
        for (int b = 0; b < blocks; b++, panel += SuperPanel.BlockBytes<F>())
        {
            V d0 = W.Zero, d1 = d0, d2 = d0, d3 = d0, d4 = d0, d5 = d0, d6 = d0, d7 = d0;
            byte* w = panel + SuperPanel.SubBlocksOffset<F>();
            byte* end = panel + SuperPanel.BlockBytes<F>();
            do
            {
                var scale = W.LowerWordTwice(W.Load(w));
                w += Panel.QuadBytes;
                byte* subEnd = w + F.SubBlock / 4 * Panel.QuadBytes;
                do
                {
                    V s0 = W.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
                    byte* wordsEnd = w + F.WordQuads * Panel.QuadBytes;
                    do
                    {
                        var first = W.Load(w);
                        var second = W.Load(w + Panel.QuadBytes);
                        w += 2 * Panel.QuadBytes;
                        s0 = W.AddWords(s0, Words<T>(first, second, tile));
                        s1 = W.AddWords(s1, Words<T>(first, second, tile + Step));
                        if (T.Rows > 2)
                        {
                            s2 = W.AddWords(s2, Words<T>(first, second, tile + 2 * Step));
                            s3 = W.AddWords(s3, Words<T>(first, second, tile + 3 * Step));
                        }
                        if (T.Rows > 4)
                        {
                            s4 = W.AddWords(s4, Words<T>(first, second, tile + 4 * Step));
                            s5 = W.AddWords(s5, Words<T>(first, second, tile + 5 * Step));
                            s6 = W.AddWords(s6, Words<T>(first, second, tile + 6 * Step));
                            s7 = W.AddWords(s7, Words<T>(first, second, tile + 7 * Step));
                        }
                        tile += 2 * T.Rows * Step;
                    }
                    while (w < wordsEnd);
                    d0 = W.AddInts(d0, W.MultiplyWords(s0, scale));
                    d1 = W.AddInts(d1, W.MultiplyWords(s1, scale));
                    if (T.Rows > 2)
                    {
                        d2 = W.AddInts(d2, W.MultiplyWords(s2, scale));
                        d3 = W.AddInts(d3, W.MultiplyWords(s3, scale));
                    }
                    if (T.Rows > 4)
                    {
                        d4 = W.AddInts(d4, W.MultiplyWords(s4, scale));
                        d5 = W.AddInts(d5, W.MultiplyWords(s5, scale));
                        d6 = W.AddInts(d6, W.MultiplyWords(s6, scale));
                        d7 = W.AddInts(d7, W.MultiplyWords(s7, scale));
                    }
                }
                while (w < subEnd);
            }
            while (w < end);

            W.Store(dots, d0);
            W.Store(dots + W.Rows, d1);
            if (T.Rows > 2)
            {
                W.Store(dots + 2 * W.Rows, d2);
                W.Store(dots + 3 * W.Rows, d3);
            }
            if (T.Rows > 4)
            {
                W.Store(dots + 4 * W.Rows, d4);
                W.Store(dots + 5 * W.Rows, d5);
                W.Store(dots + 6 * W.Rows, d6);
                W.Store(dots + 7 * W.Rows, d7);
            }
            float* to = sums + b % BlockSums.Count * T.Rows * Panel.Rows;
            for (int t = 0; t < T.Rows; t++, tile += Step, to += Panel.Rows)
                Accumulate<T>(to, W.Load((byte*)(dots + t * W.Rows)), panel, tile);
            tile += (SuperTiles.Pairs32 + SuperTiles.Pairs16) * T.Rows * Step;
        }
    }

    /// <summary>Two quads of all rows times those of one activation row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Words<T>(V first, V second, byte* step) where T : ITileWidth => W.AddWords(
        W.MultiplyBytes(first, W.Broadcast(step)), W.MultiplyBytes(second, W.Broadcast(step + T.Rows * SuperTiles.StepBytes)));

    /// <summary>From the exact products of a super-block to the running sums of one activation row.</summary>
    /// <param name="step">The activation row's scale in the tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<T>(float* sums, V dot, byte* panel, byte* step) where T : ITileWidth
    {
        const int Step = SuperTiles.StepBytes;
        float factor = *(float*)step;
        step += (F.SubBlock == 32 ? 1 : 1 + SuperTiles.Pairs32) * T.Rows * Step;
        var offset = W.MultiplyWords(W.Load(SuperPanel.Pair(panel, 0)), W.Broadcast(step));
        for (int i = 1; i < SuperPanel.PairCount<F>(); i++)
            offset = W.AddInts(offset, W.MultiplyWords(W.Load(SuperPanel.Pair(panel, i)), W.Broadcast(step + i * T.Rows * Step)));
        if (F.HasMinima)
        {
            W.Accumulate(sums, dot, SuperPanel.Scales(panel), factor);
            W.AccumulateNegated(sums, offset, SuperPanel.MinScales(panel), factor);
        }
        else
        {
            const int ZeroBits = 5;
            W.Accumulate(sums, W.SubtractInts(dot, W.ShiftLeft(offset, ZeroBits)), SuperPanel.Scales(panel), factor);
        }
    }
}
