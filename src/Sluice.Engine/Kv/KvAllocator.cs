using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Kv;

/// <summary>
/// Gives sequences the blocks they need in every KV group, all or nothing, and finds prefixes that are stored already. For the engine's
/// thread.
/// </summary>
internal sealed class KvAllocator
{
    private readonly BlockPool[] _pools;
    private readonly bool _prefixCache;

    /// <param name="blocks">Blocks of each KV group.</param>
    public KvAllocator(ReadOnlySpan<int> blocks, int blockTokens, bool prefixCache)
    {
        BlockTokens = blockTokens;
        _prefixCache = prefixCache;
        _pools = new BlockPool[blocks.Length];
        for (int g = 0; g < _pools.Length; g++)
            _pools[g] = new BlockPool(blocks[g], blockTokens);
    }

    public int BlockTokens { get; }

    /// <summary>Free blocks of the fullest group.</summary>
    public int FreeBlocks
    {
        get
        {
            int free = int.MaxValue;
            foreach (var pool in _pools)
                free = Math.Min(free, pool.FreeBlocks);
            return free;
        }
    }

    /// <summary>All blocks of the smallest group.</summary>
    public int Blocks => _pools.Min(p => p.Blocks);

    /// <summary>Longest stored prefix of a prompt, in tokens; always leaves one to compute, whose logits are needed. Safe from any thread.</summary>
    public int FindPrefix(ReadOnlySpan<int> tokens, ReadOnlySpan<ulong> hashes)
    {
        if (!_prefixCache)
            return 0;
        int most = Math.Min(hashes.Length, (tokens.Length - 1) / BlockTokens);
        for (int b = 0; b < most; b++)
        {
            foreach (var pool in _pools)
            {
                if (!pool.TryFind(hashes[b], tokens.Slice(b * BlockTokens, BlockTokens), out _))
                    return b * BlockTokens;
            }
        }
        return most * BlockTokens;
    }

    /// <summary>Gives a sequence without blocks those of its stored prefix, and counts that prefix as computed.</summary>
    public void TakePrefix(Sequence sequence)
    {
        var hashes = sequence.Request.Prompt.BlockHashes.Span;
        int found = FindPrefix(sequence.Tokens[..sequence.PromptLength], hashes);
        for (int b = 0; b < found / BlockTokens; b++)
        {
            for (int g = 0; g < _pools.Length; g++)
            {
                _pools[g].TryFind(hashes[b], sequence.Tokens.Slice(b * BlockTokens, BlockTokens), out int block);
                _pools[g].Share(block);
                sequence.Blocks[g].Add(block);
            }
        }
        sequence.Computed = found;
    }

    /// <summary>Makes room for the first <paramref name="tokens"/> tokens of a sequence; takes nothing where there is not enough.</summary>
    public bool TryGrow(Sequence sequence, int tokens)
    {
        int needed = (tokens + BlockTokens - 1) / BlockTokens;
        for (int g = 0; g < _pools.Length; g++)
        {
            if (needed - sequence.Blocks[g].Count > _pools[g].FreeBlocks)
                return false;
        }
        for (int g = 0; g < _pools.Length; g++)
        {
            while (sequence.Blocks[g].Count < needed && _pools[g].TryTake(out int block))
                sequence.Blocks[g].Add(block);
        }
        return true;
    }

    /// <summary>Lets later requests find the blocks that became complete since <paramref name="computedBefore"/> tokens were stored.</summary>
    public void Publish(Sequence sequence, int computedBefore)
    {
        if (!_prefixCache)
            return;
        for (int b = computedBefore / BlockTokens; b < sequence.Computed / BlockTokens; b++)
        {
            ulong hash = sequence.Hashes.Of(b, sequence.Tokens, BlockTokens);
            for (int g = 0; g < _pools.Length; g++)
                _pools[g].Publish(sequence.Blocks[g][b], hash, sequence.Tokens.Slice(b * BlockTokens, BlockTokens));
        }
    }

    /// <summary>Takes all blocks back, last one first, so that a prefix outlives its continuations in the free list.</summary>
    public void Free(Sequence sequence)
    {
        for (int g = 0; g < _pools.Length; g++)
        {
            var table = sequence.Blocks[g];
            for (int b = table.Count - 1; b >= 0; b--)
                _pools[g].Release(table[b]);
            table.Clear();
        }
        sequence.Computed = 0;
    }
}
