namespace Sluice.Cpu.Attention;

/// <summary>Where the V of a split lies for the dims that share a scale: in the blocks, or in one panel.</summary>
internal unsafe struct WordValues
{
    /// <summary>For each block, the head in it; or the panel.</summary>
    public byte** Rows;

    /// <summary>Bytes from there to the dims in question.</summary>
    public nint Offset;

    /// <summary>Bytes of a row: the words of as many tokens as a word has elements.</summary>
    public int RowBytes;

    /// <summary>Slots that any of the queries sees.</summary>
    public int Slots;

    /// <summary>Slots from one block to the next.</summary>
    public int BlockSlots;

    /// <summary>Slots of a block that hold tokens.</summary>
    public int BlockTokens;

    /// <summary>For each block, what to fetch meanwhile, as <see cref="AheadOffset"/> further on here; null for nothing.</summary>
    public byte** Ahead;

    public nint AheadOffset;
}
