namespace Sluice.Cpu.Quant;

/// <summary>What <see cref="SuperPanel"/> needs of a format.</summary>
internal unsafe interface ISuperPanel : ISuperBlock
{
    /// <summary>
    /// How many quads' pairs of products add up within 16 bits: their number · 2 · the greatest quant · 127 is below 2^15. A multiple of
    /// two that divides the quads of a sub-block.
    /// </summary>
    static abstract int WordQuads { get; }

    /// <summary>Writes eight rows of a packed super-block.</summary>
    /// <param name="columns">The stored super-blocks as <see cref="SuperPanel.Transpose{F}"/> leaves them.</param>
    static abstract void Unpack(byte* columns, byte* panel);
}
