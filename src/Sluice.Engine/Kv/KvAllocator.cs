using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Engine.Requests;
using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Kv;

/// <summary>
/// Gives sequences the blocks they need in every KV group, all or nothing, takes back those they will not see again, and finds prefixes that are
/// stored already. For the engine's thread, but that anybody may ask what is stored.
/// </summary>
internal sealed class KvAllocator
{
    private readonly KvGroupSpec[] _groups;
    private readonly BlockPool[] _pools;
    private readonly PrefixIndex _index;
    private readonly Lock _prefixes = new(); // guards _index
    private readonly bool _prefixCache;

    public KvAllocator(KvCapacity capacity, bool prefixCache)
    {
        _groups = capacity.Groups;
        BlockTokens = _groups[0].BlockTokens;
        _prefixCache = prefixCache;
        _pools = [.. capacity.Blocks.Select(blocks => new BlockPool(blocks))];
        _index = new PrefixIndex(_groups.Length, BlockTokens, capacity.MostPrefixes);
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

    /// <summary>Whether a sequence of that many tokens could run if it were alone.</summary>
    /// <param name="stepTokens">Most tokens that a step adds to it.</param>
    public bool CanHold(int tokens, int stepTokens, KvRetention retention)
    {
        for (int g = 0; g < _pools.Length; g++)
        {
            if (_groups[g].Retention(retention).MostBlocks(tokens, stepTokens, BlockTokens) > _pools[g].Blocks)
                return false;
        }
        return true;
    }

    /// <summary>Longest stored prefix of a prompt, in tokens; always leaves one to compute, whose logits are needed. Safe from any thread.</summary>
    public int FindPrefix(Prompt prompt)
    {
        int most = Math.Min(prompt.BlockHashes.Length, (prompt.Length - 1) / BlockTokens);
        lock (_prefixes)
            return FindPrefix(prompt.Root, prompt.BlockHashes.Span[..most], prompt.Ids) * BlockTokens;
    }

    /// <summary>
    /// Gives a sequence without blocks those of its stored prefix, its answer so far included, and counts that prefix as computed.
    /// </summary>
    public void TakePrefix(Sequence sequence)
    {
        if (!_prefixCache || sequence.Pooler is { NeedsEveryPosition: true })
            return;
        var root = sequence.Request.Prompt.Root;
        var hashes = sequence.Chain.Hashes((sequence.Length - 1) / BlockTokens, sequence.Tokens, BlockTokens);
        lock (_prefixes)
        {
            int found = FindPrefix(root, hashes, sequence.Tokens);
            int node = PrefixIndex.None;
            for (int b = 0; b < found; b++)
            {
                _index.TryFind(root, node, hashes[b], TokensOf(sequence, b), out node);
                for (int g = 0; g < _pools.Length; g++)
                    Take(sequence, g, b, node, found);
            }
            if (node != PrefixIndex.None)
                _index.Hold(node);
            sequence.Chain.End = node;
            sequence.Computed = found * BlockTokens;
        }
    }

    /// <summary>Whether there are blocks for all the tokens that a newcomer has, beside those that others still need for theirs.</summary>
    /// <param name="stepTokens">Most tokens that a step adds to a sequence.</param>
    public bool HasRoom(Sequence newcomer, List<Sequence> others, int stepTokens)
    {
        for (int g = 0; g < _pools.Length; g++)
        {
            int needed = Missing(newcomer, g, stepTokens);
            foreach (var other in others)
                needed += Missing(other, g, stepTokens);
            if (needed > _pools[g].FreeBlocks)
                return false;
        }
        return true;
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
            while (sequence.Blocks[g].Count < needed && _pools[g].TryTake(out int block, out int evicted))
            {
                sequence.Blocks[g].Add(block);
                if (evicted == PrefixIndex.None)
                    continue;
                lock (_prefixes) _index.ClearBlock(evicted, g);
            }
        }
        return true;
    }

    /// <summary>
    /// Lets later requests find the blocks that became complete since <paramref name="computedBefore"/> tokens were stored, and takes back those
    /// that no further token of the sequence will see.
    /// </summary>
    public void Publish(Sequence sequence, int computedBefore)
    {
        for (int b = computedBefore / BlockTokens; _prefixCache && b < sequence.Computed / BlockTokens && !sequence.Chain.Broken; b++)
            Publish(sequence, b, sequence.Chain.Hashes(b + 1, sequence.Tokens, BlockTokens)[b]);
        for (int g = 0; g < _pools.Length; g++)
        {
            var (first, end) = RetentionOf(sequence, g).HiddenBlocks(sequence.Computed, BlockTokens);
            sequence.Blocks[g].Drop(first, end, _pools[g]);
        }
    }

    /// <summary>Takes all blocks back.</summary>
    public void Free(Sequence sequence)
    {
        for (int g = 0; g < _pools.Length; g++)
            sequence.Blocks[g].Clear(_pools[g]);
        sequence.Computed = 0;
        if (sequence.Chain.End != PrefixIndex.None)
            lock (_prefixes) _index.Release(sequence.Chain.End);
        sequence.Chain.End = PrefixIndex.None;
        sequence.Chain.Broken = false;
    }

    /// <summary>In blocks.</summary>
    private int FindPrefix(in PrefixRoot root, ReadOnlySpan<ulong> hashes, ReadOnlySpan<int> tokens)
    {
        var match = new PrefixMatch(_groups, root.Retention, stackalloc PrefixMatch.Stored[_groups.Length]);
        int node = PrefixIndex.None;
        for (int b = 0; b < hashes.Length; b++)
        {
            if (!_index.TryFind(root, node, hashes[b], tokens.Slice(b * BlockTokens, BlockTokens), out node))
                break;
            match.Feed(_index, node, b);
        }
        return match.Usable;
    }

    /// <summary>Gives a sequence one group's block of its prefix, unless that is hidden from what comes after the prefix.</summary>
    private void Take(Sequence sequence, int group, int block, int node, int prefixBlocks)
    {
        var (first, end) = RetentionOf(sequence, group).HiddenBlocks(prefixBlocks * BlockTokens, BlockTokens);
        int stored = block >= first && block < end ? StepBatch.DroppedBlock : _index.BlockOf(node, group);
        sequence.Blocks[group].Add(stored);
        if (stored != StepBatch.DroppedBlock)
            _pools[group].Share(stored);
    }

    /// <summary>Of equal blocks the first stays the one that is found.</summary>
    private void Publish(Sequence sequence, int block, ulong hash)
    {
        var chain = sequence.Chain;
        lock (_prefixes)
        {
            if (!_index.TryAdd(sequence.Request.Prompt.Root, chain.End, hash, TokensOf(sequence, block), out int node))
            {
                chain.Broken = true;
                return;
            }
            _index.Hold(node);
            if (chain.End != PrefixIndex.None)
                _index.Release(chain.End);
            chain.End = node;
            for (int g = 0; g < _pools.Length; g++)
            {
                if (_index.BlockOf(node, g) != PrefixIndex.None)
                    continue;
                int stored = sequence.Blocks[g][block];
                _index.SetBlock(node, g, stored);
                _pools[g].Label(stored, node);
            }
        }
    }

    /// <summary>Blocks of a group that a sequence lacks for the tokens it has.</summary>
    private int Missing(Sequence sequence, int group, int stepTokens) => Math.Max(0, Math.Min(
        (sequence.Length + BlockTokens - 1) / BlockTokens - sequence.Blocks[group].Count,
        RetentionOf(sequence, group).MostBlocks(sequence.Length, stepTokens, BlockTokens) - sequence.Blocks[group].Held));

    private KvRetention RetentionOf(Sequence sequence, int group) => _groups[group].Retention(sequence.Request.Prompt.Root.Retention);

    private ReadOnlySpan<int> TokensOf(Sequence sequence, int block) => sequence.Tokens.Slice(block * BlockTokens, BlockTokens);
}
