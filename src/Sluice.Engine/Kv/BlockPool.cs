using System.Diagnostics;

namespace Sluice.Engine.Kv;

/// <summary>
/// Which blocks of one KV group are free and which are in use by how many. Blocks are plain numbers here. A block whose last user leaves
/// keeps its content, and the node of the prefix cache that knows it, until it is taken for something else, oldest first: the free list is
/// also the cache's order of eviction. Pinned content goes last, after all other. For the engine's thread.
/// </summary>
internal sealed class BlockPool
{
    private const int None = -1;

    /// <summary>Of so many blocks one can be pinned, so that pins never crowd out what is used more.</summary>
    private const int BlocksForOnePinned = 4;

    private readonly Block[] _blocks;
    private Ends _ordinary = new() { Head = None, Tail = None };
    private Ends _pinned = new() { Head = None, Tail = None };

    public BlockPool(int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        _blocks = new Block[blocks];
        for (int i = 0; i < blocks; i++)
        {
            _blocks[i].Node = PrefixIndex.None;
            Append(i);
        }
    }

    public int Blocks => _blocks.Length;

    /// <summary>Blocks whose content goes last, in use or free.</summary>
    public int PinnedBlocks { get; private set; }

    /// <summary>Blocks that can be taken, cached ones included.</summary>
    public int FreeBlocks { get; private set; }

    /// <summary>Those of them that hold a known prefix.</summary>
    public int CachedBlocks { get; private set; }

    /// <summary>Known contents given up so far, because the block was taken for something else.</summary>
    public long Evictions { get; private set; }

    /// <summary>Takes the block that has been free longest, a pinned one only where there is no other; false where none is free.</summary>
    /// <param name="evicted">Node whose content the block had; the caller tells the index.
    /// <see cref="PrefixIndex.None"/> where it had none.</param>
    public bool TryTake(out int block, out int evicted)
    {
        evicted = PrefixIndex.None;
        block = _ordinary.Head != None ? _ordinary.Head : _pinned.Head;
        if (block == None)
            return false;
        Unlink(block);
        Unpin(block);
        ref var b = ref _blocks[block];
        evicted = b.Node;
        if (evicted != PrefixIndex.None)
            Evictions++;
        b.Node = PrefixIndex.None;
        b.Users = 1;
        return true;
    }

    /// <summary>One more user of a block whose content is known.</summary>
    public void Share(int block)
    {
        if (_blocks[block].Users++ == 0)
            Unlink(block);
    }

    /// <summary>One user less; the last one frees the block but not what it holds.</summary>
    public void Release(int block)
    {
        Debug.Assert(_blocks[block].Users > 0, "a block was released twice");
        if (--_blocks[block].Users == 0)
            Append(block);
    }

    /// <summary>
    /// Notes the node that knows the content of a block in use; returns the one that knew the beginning of it until now, or
    /// <see cref="PrefixIndex.None"/>.
    /// </summary>
    public int Label(int block, int node)
    {
        Debug.Assert(_blocks[block].Users > 0, "the content of a block that is not in use became known");
        int before = _blocks[block].Node;
        _blocks[block].Node = node;
        return before;
    }

    /// <summary>
    /// Pins a block whose content is known. Where a quarter of all are, that which was used longest ago is no longer; false where all of those are
    /// in use.
    /// </summary>
    public bool TryPin(int block)
    {
        Debug.Assert(_blocks[block].Node != PrefixIndex.None, "a block without known content was pinned");
        if (_blocks[block].Pinned)
            return true;
        if (PinnedBlocks >= _blocks.Length / BlocksForOnePinned)
        {
            int oldest = _pinned.Head;
            if (oldest == None)
                return false;
            Unlink(oldest);
            Unpin(oldest);
            Append(oldest);
        }
        bool free = _blocks[block].Users == 0;
        if (free)
            Unlink(block);
        _blocks[block].Pinned = true;
        PinnedBlocks++;
        if (free)
            Append(block);
        return true;
    }

    private void Unpin(int block)
    {
        PinnedBlocks -= _blocks[block].Pinned ? 1 : 0;
        _blocks[block].Pinned = false;
    }

    private void Unlink(int block)
    {
        ref var b = ref _blocks[block];
        ref var ends = ref EndsOf(b);
        if (b.PreviousFree == None)
            ends.Head = b.NextFree;
        else
            _blocks[b.PreviousFree].NextFree = b.NextFree;
        if (b.NextFree == None)
            ends.Tail = b.PreviousFree;
        else
            _blocks[b.NextFree].PreviousFree = b.PreviousFree;
        FreeBlocks--;
        if (b.Node != PrefixIndex.None)
            CachedBlocks--;
    }

    private void Append(int block)
    {
        ref var b = ref _blocks[block];
        ref var ends = ref EndsOf(b);
        b.PreviousFree = ends.Tail;
        b.NextFree = None;
        if (ends.Tail == None)
            ends.Head = block;
        else
            _blocks[ends.Tail].NextFree = block;
        ends.Tail = block;
        FreeBlocks++;
        if (b.Node != PrefixIndex.None)
            CachedBlocks++;
    }

    private ref Ends EndsOf(in Block block) => ref block.Pinned ? ref _pinned : ref _ordinary;

    /// <summary>Free blocks as a doubly linked list through <see cref="_blocks"/>: taken at the head, given back at the tail.</summary>
    private struct Ends
    {
        public int Head;
        public int Tail;
    }

    private struct Block
    {
        public int Users;
        public int Node;
        public bool Pinned;
        public int PreviousFree;
        public int NextFree;
    }
}
