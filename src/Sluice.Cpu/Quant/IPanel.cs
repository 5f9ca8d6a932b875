namespace Sluice.Cpu.Quant;

/// <summary>
/// The product of a <see cref="Panel"/> of weight rows with tiles of activation rows: what prefill and batches are made of. Packing is done
/// again for each product, in memory that stays in the cache.
/// </summary>
internal unsafe interface IPanel
{
    /// <summary>Activation rows of a full tile, and of one that ends a batch.</summary>
    static abstract int WideTile { get; }

    static abstract int NarrowTile { get; }

    /// <summary>Bytes of one packed block of all rows.</summary>
    static abstract int BlockBytes { get; }

    /// <inheritdoc cref="Panel.Pack"/>
    static abstract void Pack(byte** rows, byte* next, int blocks, byte* panel);

    /// <param name="tile">A tile of <see cref="QuantizedTiles{E}"/>.</param>
    /// <param name="sums">The <see cref="BlockSums"/>, [sum][activation row of the tile][weight row]; zeros on entry.</param>
    static abstract void MultiplyWide(byte* panel, byte* tile, int blocks, float* sums);

    static abstract void MultiplyNarrow(byte* panel, byte* tile, int blocks, float* sums);
}
