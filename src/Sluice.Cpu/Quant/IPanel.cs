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

    /// <summary>Whether wide products fetch the rows that are packed next, so that memory is read while products are computed.</summary>
    static virtual bool FetchesAhead => false;

    /// <inheritdoc cref="Panel.Pack"/>
    static abstract void Pack(byte** rows, byte* next, int blocks, byte* panel);

    /// <param name="tile">A tile of <see cref="QuantizedTiles{E}"/>.</param>
    /// <param name="sums">The <see cref="BlockSums"/>, [sum][activation row of the tile][weight row]; zeros on entry.</param>
    /// <param name="next">The rows to be packed next, to be fetched meanwhile; null where there is nothing to fetch, as always without
    /// <see cref="FetchesAhead"/>.</param>
    static abstract void MultiplyWide(byte* panel, byte* tile, int blocks, float* sums, byte* next);

    static abstract void MultiplyNarrow(byte* panel, byte* tile, int blocks, float* sums);
}
