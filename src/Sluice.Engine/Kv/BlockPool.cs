using System.Diagnostics;

namespace Sluice.Engine.Kv;

/// <summary>
/// Which KV blocks are free, which are in use by how many sequences, and which hold a known prefix. Blocks are plain numbers here. A block
/// whose last user leaves keeps its content and hash until it is taken for something else, oldest first, so the free list is also the
/// prefix cache. For the engine's thread, but that anybody may ask what is cached.
/// </summary>
internal sealed class BlockPool
{
    private const int None = -1;

    private readonly Block[] _blocks;
    private readonly Dictionary<ulong, int> _byHash;
    private readonly Lock _cache = new(); // guards _byHash and what published blocks hold
    private long _contents;

    // Free blocks as a doubly linked list through _blocks: taken at the head, given back at the tail.
    private int _freeHead;
    private int _freeTail;

    public BlockPool(int blocks, int blockTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        BlockTokens = blockTokens;
        _blocks = new Block[blocks];
        _byHash = new Dictionary<ulong, int>(blocks);
        for (int i = 0; i < blocks; i++)
            _blocks[i] = new Block { Tokens = new int[blockTokens], PreviousFree = i - 1, NextFree = i + 1 < blocks ? i + 1 : None };
        _freeHead = 0;
        _freeTail = blocks - 1;
        FreeBlocks = blocks;
    }

    public int BlockTokens { get; }

    public int Blocks => _blocks.Length;

    /// <summary>Blocks that can be taken, cached ones included.</summary>
    public int FreeBlocks { get; private set; }

    /// <summary>Those of them that hold a known prefix.</summary>
    public int CachedBlocks { get; private set; }

    /// <summary>Known contents given up so far, because the block was taken for something else.</summary>
    public long Evictions { get; private set; }

    /// <summary>Takes the block that has been free longest, forgetting what it held; false where none is free.</summary>
    public bool TryTake(out int block)
    {
        block = _freeHead;
        if (block == None)
            return false;
        Unlink(block);
        Forget(block);
        _blocks[block].Users = 1;
        return true;
    }

    /// <summary>
    /// The block that holds these tokens after that prefix, if one does. Takes nothing. Safe from any thread, but only the engine's can use the
    /// block.
    /// </summary>
    /// <param name="hash">Chained hash of the block, by which it is looked up.</param>
    /// <param name="tokens">The block's ids, compared lest a hash collide.</param>
    /// <param name="prefix">What comes before it, compared likewise; becomes the prefix that ends with this block.</param>
    public bool TryFind(ulong hash, ReadOnlySpan<int> tokens, ref BlockPrefix prefix, out int block)
    {
        lock (_cache)
        {
            if (!_byHash.TryGetValue(hash, out block) || _blocks[block].Prefix != prefix || !tokens.SequenceEqual(_blocks[block].Tokens))
                return false;
            prefix = BlockPrefix.EndingWith(_blocks[block].Content);
            return true;
        }
    }

    /// <summary>One more user of a block that was found.</summary>
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
    /// Makes a block, now completely computed, findable. Of equal blocks the first stays the one that is found; where another block has the same
    /// hash by accident or by design, this one is not found, and nothing after it.
    /// </summary>
    /// <param name="prefix">What comes before it; becomes the prefix that ends with this block.</param>
    /// <returns>Whether later blocks of the sequence can be found through this one or its equal.</returns>
    public bool TryPublish(int block, ulong hash, ReadOnlySpan<int> tokens, ref BlockPrefix prefix)
    {
        ref var b = ref _blocks[block];
        lock (_cache)
        {
            if (!b.Published && _byHash.TryAdd(hash, block))
            {
                b.Published = true;
                b.Hash = hash;
                b.Prefix = prefix;
                b.Content = ++_contents;
                tokens.CopyTo(b.Tokens);
            }
        }
        return TryFind(hash, tokens, ref prefix, out _);
    }

    private void Forget(int block)
    {
        ref var b = ref _blocks[block];
        if (!b.Published)
            return;
        lock (_cache)
            _byHash.Remove(b.Hash);
        b.Published = false;
        Evictions++;
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
        if (b.Published)
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
        if (b.Published)
            CachedBlocks++;
    }

    private struct Block
    {
        public int Users;
        public bool Published;
        public ulong Hash;
        public int[] Tokens;
        public BlockPrefix Prefix;
        public long Content;
        public int PreviousFree;
        public int NextFree;
    }
}
