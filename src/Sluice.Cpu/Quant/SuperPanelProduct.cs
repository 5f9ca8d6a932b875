using System.Runtime.CompilerServices;

namespace Sluice.Cpu.Quant;

/// <summary>
/// The product of a <see cref="SuperPanel"/> with a tile of <see cref="SuperTiles"/>: one source for all formats and register widths. Lanes
/// are weight rows, one register of them at a time, so that the sums of the whole tile stay in registers.
/// </summary>
/// <typeparam name="F">The format.</typeparam>
/// <typeparam name="W">Operations on registers <typeparamref name="V"/>.</typeparam>
internal readonly unsafe struct SuperPanelProduct<F, W, V> : ISuperProduct
    where F : ISuperPanel
    where W : ISuperLanes<V>
    where V : unmanaged
{
    /// <summary>Activation rows of a full tile: with 32 registers eight, with 16 four.</summary>
    public static int WideTile => W.Rows == 16 ? 8 : 4;

    public static int NarrowTile => WideTile / 2;

    public static void Multiply(byte* panel, byte* tile, int tileRows, int blocks, float* sums)
    {
        if (tileRows == 8)
            Multiply<TileOf8>(panel, tile, blocks, sums);
        else if (tileRows == 4)
            Multiply<TileOf4>(panel, tile, blocks, sums);
        else
            Multiply<TileOf2>(panel, tile, blocks, sums);
    }

    private static void Multiply<T>(byte* panel, byte* tile, int blocks, float* sums) where T : ITileWidth
    {
        for (int b = 0; b < blocks; b++, panel += SuperPanel.BlockBytes<F>(), tile += SuperTiles.BlockBytes(T.Rows))
        {
            // Register by register within a super-block, so that the activations are in the first-level cache for all but the first.
            for (int part = 0; part < Panel.Rows; part += W.Rows)
                MultiplyPart<T>(panel + part * sizeof(int), tile, sums + b % BlockSums.Count * T.Rows * Panel.Rows + part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void MultiplyPart<T>(byte* panel, byte* tile, float* sums) where T : ITileWidth
    {
        const int Step = SuperTiles.StepBytes;
        int* dots = stackalloc int[T.Rows * W.Rows];
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
                V q0 = W.Load(w), q1 = W.Load(w + Panel.QuadBytes), q2 = q0, q3 = q0, q4 = q0, q5 = q0, q6 = q0, q7 = q0;
                if (F.WordQuads > 2)
                {
                    q2 = W.Load(w + 2 * Panel.QuadBytes);
                    q3 = W.Load(w + 3 * Panel.QuadBytes);
                }
                if (F.WordQuads > 4)
                {
                    q4 = W.Load(w + 4 * Panel.QuadBytes);
                    q5 = W.Load(w + 5 * Panel.QuadBytes);
                    q6 = W.Load(w + 6 * Panel.QuadBytes);
                    q7 = W.Load(w + 7 * Panel.QuadBytes);
                }
                w += F.WordQuads * Panel.QuadBytes;
                d0 = W.AddInts(d0, W.MultiplyWords(Words<T>(q0, q1, q2, q3, q4, q5, q6, q7, tile), scale));
                d1 = W.AddInts(d1, W.MultiplyWords(Words<T>(q0, q1, q2, q3, q4, q5, q6, q7, tile + Step), scale));
                if (T.Rows > 2)
                {
                    d2 = W.AddInts(d2, W.MultiplyWords(Words<T>(q0, q1, q2, q3, q4, q5, q6, q7, tile + 2 * Step), scale));
                    d3 = W.AddInts(d3, W.MultiplyWords(Words<T>(q0, q1, q2, q3, q4, q5, q6, q7, tile + 3 * Step), scale));
                }
                if (T.Rows > 4)
                {
                    d4 = W.AddInts(d4, W.MultiplyWords(Words<T>(q0, q1, q2, q3, q4, q5, q6, q7, tile + 4 * Step), scale));
                    d5 = W.AddInts(d5, W.MultiplyWords(Words<T>(q0, q1, q2, q3, q4, q5, q6, q7, tile + 5 * Step), scale));
                    d6 = W.AddInts(d6, W.MultiplyWords(Words<T>(q0, q1, q2, q3, q4, q5, q6, q7, tile + 6 * Step), scale));
                    d7 = W.AddInts(d7, W.MultiplyWords(Words<T>(q0, q1, q2, q3, q4, q5, q6, q7, tile + 7 * Step), scale));
                }
                tile += F.WordQuads * T.Rows * Step;
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
        for (int t = 0; t < T.Rows; t++, tile += Step, sums += Panel.Rows)
            Accumulate<T>(sums, W.Load((byte*)(dots + t * W.Rows)), panel, tile);
    }

    /// <summary>As many quads of all rows as add up in words, times those of one activation row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Words<T>(V q0, V q1, V q2, V q3, V q4, V q5, V q6, V q7, byte* step) where T : ITileWidth
    {
        var words = Words<T>(q0, q1, step);
        if (F.WordQuads > 2)
            words = W.AddWords(words, Words<T>(q2, q3, step + 2 * T.Rows * SuperTiles.StepBytes));
        if (F.WordQuads > 4)
        {
            var more = Words<T>(q4, q5, step + 4 * T.Rows * SuperTiles.StepBytes);
            words = W.AddWords(words, W.AddWords(more, Words<T>(q6, q7, step + 6 * T.Rows * SuperTiles.StepBytes)));
        }
        return words;
    }

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
            W.Accumulate(sums, W.SubtractInts(dot, W.ShiftLeft(offset, SuperPanel.ZeroBits)), SuperPanel.Scales(panel), factor);
    }
}
