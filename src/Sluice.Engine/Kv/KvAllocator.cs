using Sluice.Engine.Requests;
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

    /// <summary>The blocks of all groups by state; hits and misses are counted where sequences are admitted.</summary>
    public KvLoad Load
    {
        get
        {
            var load = default(KvLoad);
            foreach (var pool in _pools)
            {
                load = load with
                {
                    UsedBlocks = load.UsedBlocks + pool.Blocks - pool.FreeBlocks,
                    CachedBlocks = load.CachedBlocks + pool.CachedBlocks,
                    EmptyBlocks = load.EmptyBlocks + pool.FreeBlocks - pool.CachedBlocks,
                    Evictions = load.Evictions + pool.Evictions,
                };
            }
            return load;
        }
    }

    /// <summary>Longest stored prefix of a prompt, in tokens; always leaves one to compute, whose logits are needed. Safe from any thread.</summary>
    public int FindPrefix(Prompt prompt)
    {
        int most = _prefixCache ? Math.Min(prompt.BlockHashes.Length, (prompt.Length - 1) / BlockTokens) : 0;
        foreach (var pool in _pools)
        {
            var prefix = BlockPrefix.Beginning(prompt.CacheSalt);
            int found = 0;
            while (found < most && pool.TryFind(prompt.BlockHashes.Span[found], prompt.Ids.AsSpan(found * BlockTokens, BlockTokens), ref prefix, out _))
                found++;
            most = found; // what is shared must be stored in every group
        }
        return most * BlockTokens;
    }

    /// <summary>Gives a sequence without blocks those of its stored prefix, and counts that prefix as computed.</summary>
    public void TakePrefix(Sequence sequence)
    {
        var prompt = sequence.Request.Prompt;
        int found = sequence.Pooler is { NeedsEveryPosition: true } ? 0 : FindPrefix(prompt);
        for (int g = 0; g < _pools.Length; g++)
        {
            var prefix = BlockPrefix.Beginning(prompt.CacheSalt);
            for (int b = 0; b < found / BlockTokens; b++)
            {
                _pools[g].TryFind(prompt.BlockHashes.Span[b], sequence.Tokens.Slice(b * BlockTokens, BlockTokens), ref prefix, out int block);
                _pools[g].Share(block);
                sequence.Blocks[g].Add(block);
            }
            sequence.Blocks[g].Published = prefix;
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
            {
                var table = sequence.Blocks[g];
                if (table.Published is not { } prefix)
                    continue;
                bool published = _pools[g].TryPublish(table[b], hash, sequence.Tokens.Slice(b * BlockTokens, BlockTokens), ref prefix);
                table.Published = published ? prefix : null;
            }
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
