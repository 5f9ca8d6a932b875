namespace Sluice.Cpu.Attention;

/// <summary>Walks the slots of a split, sixteen at a time: they lie in one block.</summary>
internal unsafe ref struct SlotCursor(in KvSplit split)
{
    private readonly byte** _heads = split.Heads;
    private readonly int _stride = split.Layout.TokenStride;
    private int _block;
    private int _slot;

    /// <summary>The head in the block.</summary>
    public readonly byte* Head => _heads[_block];

    /// <summary>Which slot of the block.</summary>
    public readonly int Slot => _slot;

    public void Next()
    {
        _slot += 16;
        if (_slot == _stride)
            (_block, _slot) = (_block + 1, 0);
    }
}
