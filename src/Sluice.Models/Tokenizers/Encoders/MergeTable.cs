namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>Pairs of ids with the rank of their merge and the id they become: open addressing over one array.</summary>
internal sealed class MergeTable
{
    private readonly Entry[] _entries;
    private readonly int _mask;

    private record struct Entry(ulong Key, int Rank, int Merged);

    /// <param name="capacity">Number of merges that will be added.</param>
    public MergeTable(int capacity)
    {
        int size = 16;
        while (size < capacity * 2L)
            size *= 2;
        _entries = new Entry[size];
        _mask = size - 1;
    }

    /// <summary>Adds a merge. Of a pair that comes twice the later rank counts if <paramref name="replace"/>, else the first.</summary>
    public void Add(int left, int right, int rank, int merged, bool replace)
    {
        ref var entry = ref _entries[Slot(Key(left, right))];
        if (entry.Key == 0 || replace)
            entry = new Entry(Key(left, right), rank, merged);
    }

    /// <summary>The rank of a pair, or <see cref="IMergeRule.Never"/>.</summary>
    public int Find(int left, int right, out int merged)
    {
        merged = -1;
        if ((left | right) < 0)
            return IMergeRule.Never;
        ref readonly var entry = ref _entries[Slot(Key(left, right))];
        if (entry.Key == 0)
            return IMergeRule.Never;
        merged = entry.Merged;
        return entry.Rank;
    }

    private int Slot(ulong key)
    {
        int slot = (int)ByteHash.Of(key) & _mask;
        while (_entries[slot].Key != 0 && _entries[slot].Key != key)
            slot = (slot + 1) & _mask;
        return slot;
    }

    // Never zero, which marks a free slot.
    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32 | (uint)right) + 1;
}
