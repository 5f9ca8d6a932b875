namespace Sluice.Cpu.Quant;

/// <summary>The product of a <see cref="SuperPanel"/> with tiles of activation rows: what prefill and batches are made of.</summary>
internal unsafe interface ISuperProduct
{
    /// <summary>Activation rows of a full tile, and of one that ends a batch.</summary>
    static abstract int WideTile { get; }

    static abstract int NarrowTile { get; }

    /// <param name="tile">A tile of <see cref="SuperTiles"/>.</param>
    /// <param name="tileRows">Wide or narrow.</param>
    /// <param name="sums">The <see cref="BlockSums"/>, [sum][activation row of the tile][weight row]; zeros on entry.</param>
    static abstract void Multiply(byte* panel, byte* tile, int tileRows, int blocks, float* sums);
}
