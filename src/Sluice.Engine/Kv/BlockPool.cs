using System.Diagnostics;

namespace Sluice.Engine.Kv;

/// <summary>
/// Which blocks of one KV group are free and which are in use by how many. Blocks are plain numbers here. A block whose last user leaves
/// keeps its content, and the node of the prefix cache that knows it, until it is taken for something else, oldest first: the free list is
/// also the cache's order of eviction. For the engine's thread.
/// </summary>
internal sealed class BlockPool
{
    private const int None = -1;

    private readonly Block[] _blocks;

    // Free blocks as a doubly linked list through _blocks: taken at the head, given back at the tail.
    private int _freeHead;
    private int _freeTail;

    public BlockPool(int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        _blocks = new Block[blocks];
        for (int i = 0; i < blocks; i++)
            _blocks[i] = new Block { Node = PrefixIndex.None, PreviousFree = i - 1, NextFree = i + 1 < blocks ? i + 1 : None };
        _freeHead = 0;
        _freeTail = blocks - 1;
        FreeBlocks = blocks;
    }

    public int Blocks => _blocks.Length;

    /// <summary>Blocks that can be taken, cached ones included.</summary>
    public int FreeBlocks { get; private set; }

    /// <summary>Those of them that hold a known prefix.</summary>
    public int CachedBlocks { get; private set; }

    /// <summary>Known contents given up so far, because the block was taken for something else.</summary>
    public long Evictions { get; private set; }

    /// <summary>Takes the block that has been free longest; false where none is free.</summary>
    /// <param name="evicted">Node whose content the block had; the caller tells the index.
    /// <see cref="PrefixIndex.None"/> where it had none.</param>
    public bool TryTake(out int block, out int evicted)
    {
        evicted = PrefixIndex.None;
        block = _freeHead;
        if (block == None)
            return false;
        Unlink(block);
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

    /// <summary>Notes the node that knows the content of a block in use.</summary>
    public void Label(int block, int node)
    {
        Debug.Assert(_blocks[block].Users > 0 && _blocks[block].Node == PrefixIndex.None, "a block's content became known twice");
        _blocks[block].Node = node;
    }

    private void Unlink(int block)
    {
        ref var b = ref _blocks[block];
        if (b.PreviousFree == None)
            _freeHead = b.NextFree;
        else
            _blocks[b.PreviousFree].NextFree = b.NextFree;
        if (b.NextFree == None)
            _freeTail = b.PreviousFree;
        else
            _blocks[b.NextFree].PreviousFree = b.PreviousFree;
        FreeBlocks--;
        if (b.Node != PrefixIndex.None)
            CachedBlocks--;
    }

    private void Append(int block)
    {
        ref var b = ref _blocks[block];
        b.PreviousFree = _freeTail;
        b.NextFree = None;
        if (_freeTail == None)
            _freeHead = block;
        else
            _blocks[_freeTail].NextFree = block;
        _freeTail = block;
        FreeBlocks++;
        if (b.Node != PrefixIndex.None)
            CachedBlocks++;
    }

    private struct Block
    {
        public int Users;
        public int Node;
        public int PreviousFree;
        public int NextFree;
    }
}
