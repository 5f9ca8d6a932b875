using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Engine.Requests;
using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Kv;

/// <summary>
/// Gives sequences the blocks they need in every KV group, all or nothing, and takes back those they will not see again. For the engine's
/// thread, but that anybody may ask what is stored.
/// </summary>
internal sealed class KvAllocator
{
    private readonly KvGroupSpec[] _groups;
    private readonly BlockPool[] _pools;
    private readonly PrefixCache _prefixes;
    private readonly bool _prefixCache;
    private readonly Action<int, int, int> _copy;

    /// <param name="copy">Copies what a block of a group holds into another.</param>
    /// <param name="cold">The second tier; null where there is none.</param>
    public KvAllocator(KvCapacity capacity, bool prefixCache, Action<int, int, int> copy, ColdBlocks? cold = null)
    {
        _copy = copy;
        _groups = capacity.Groups;
        _pools = [.. capacity.Blocks.Select(blocks => new BlockPool(blocks))];
        _prefixes = new PrefixCache(_groups, _pools, capacity.MostPrefixes, cold);
        _prefixCache = prefixCache;
    }

    public int BlockTokens => _groups[0].BlockTokens;

    /// <summary>The blocks of all groups by state; hits and misses are counted where sequences are admitted.</summary>
    public KvLoad Load
    {
        get
        {
            var load = new KvLoad { Cold = _prefixes.ColdLoad };
            foreach (var pool in _pools)
            {
                load = load with
                {
                    UsedBlocks = load.UsedBlocks + pool.Blocks - pool.FreeBlocks,
                    CachedBlocks = load.CachedBlocks + pool.CachedBlocks,
                    EmptyBlocks = load.EmptyBlocks + pool.FreeBlocks - pool.CachedBlocks,
                    PinnedBlocks = load.PinnedBlocks + pool.PinnedBlocks,
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

    /// <inheritdoc cref="PrefixCache.Find(Prompt)"/>
    public int FindPrefix(Prompt prompt) => _prefixes.Find(prompt);

    /// <summary>
    /// Gives a sequence without blocks those whole ones of its prefix that are in memory, its answer so far included, and counts that prefix
    /// as computed.
    /// </summary>
    public void TakePrefix(Sequence sequence)
    {
        if (UsesPrefixes(sequence))
            sequence.Computed = _prefixes.Take(sequence);
    }

    /// <summary>
    /// Lengthens the prefix just taken by what only the second tier has, and by what of its next block is known. The sequence needs no more
    /// blocks than without, but they are read from the file, or copied: only for one that begins now.
    /// </summary>
    public void ExtendPrefix(Sequence sequence)
    {
        if (UsesPrefixes(sequence))
        {
            sequence.Computed = _prefixes.Extend(sequence, sequence.Computed);
            sequence.Computed += _prefixes.TakePart(sequence, _copy);
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
            if (needed - sequence.Blocks[g].End > _pools[g].FreeBlocks)
                return false;
        }
        for (int g = 0; g < _pools.Length; g++)
        {
            while (sequence.Blocks[g].End < needed && _prefixes.TryTakeBlock(g, out int block))
                sequence.Blocks[g].Add(block);
        }
        return true;
    }

    /// <summary>Takes back the blocks behind a sequence's tokens.</summary>
    public void Shrink(Sequence sequence)
    {
        for (int g = 0; g < _pools.Length; g++)
            sequence.Blocks[g].Shrink((sequence.Length + BlockTokens - 1) / BlockTokens, _pools[g]);
    }

    /// <summary>
    /// Lets later requests find the blocks that became complete since <paramref name="computedBefore"/> tokens were stored, and all there is of a
    /// prompt, and takes back those that no further token of the sequence will see, or that are not worth it.
    /// </summary>
    public void Publish(Sequence sequence, int computedBefore)
    {
        int lasting = Math.Min(sequence.Computed, sequence.Lasting);
        bool publishes = Publishes(sequence);
        for (int b = computedBefore / BlockTokens; publishes && b < lasting / BlockTokens; b++)
            _prefixes.Publish(sequence, b);
        if (publishes && computedBefore < sequence.PromptLength)
            _prefixes.PublishPart(sequence, lasting);
        if (publishes && sequence.Request.PinPrompt && computedBefore < sequence.PromptLength && sequence.Computed >= sequence.PromptLength)
            _prefixes.Pin(sequence, sequence.PromptLength / BlockTokens);
        for (int g = 0; g < _pools.Length; g++)
        {
            var (first, end) = RetentionOf(sequence, g).HiddenBlocks(lasting, BlockTokens);
            sequence.Blocks[g].Drop(first, end, _pools[g]);
        }
        int interval = KvRetention.ChoiceTokens(BlockTokens);
        if (sequence.Attention is { } attention && lasting / interval > computedBefore / interval)
            Choose(sequence, attention, lasting);
    }

    /// <summary>
    /// Gives a branch what another sequence of its request has computed: shared where tokens stay what they are, as a copy of its own where
    /// both will go on writing. False, with nothing taken, where there are no blocks for that.
    /// </summary>
    public bool TryBranch(Sequence trunk, Sequence branch)
    {
        int lasting = trunk.Lasting / BlockTokens, end = (trunk.Computed + BlockTokens - 1) / BlockTokens;
        if (Array.Exists(_pools, pool => pool.FreeBlocks < end - lasting))
            return false;
        for (int g = 0; g < _pools.Length; g++)
        {
            int removed = trunk.Blocks[g].Removed, shared = lasting - removed, all = end - removed;
            branch.Blocks[g].ContinueAfter(removed);
            for (int b = 0; b < shared; b++)
            {
                int block = trunk.Blocks[g][b];
                if (block != StepBatch.DroppedBlock)
                    _pools[g].Share(block);
                branch.Blocks[g].Add(block);
            }
            for (int b = shared; b < all && _prefixes.TryTakeBlock(g, out int block); b++)
            {
                _copy(g, trunk.Blocks[g][b], block);
                branch.Blocks[g].Add(block);
            }
        }
        branch.Chain.Broken = true; // it computes nothing that anybody else would
        branch.Computed = trunk.Computed;
        branch.Charged = trunk.Charged;
        return true;
    }

    /// <summary>
    /// Whether a sequence can begin with what others stored. Not where blocks are chosen by attention: what others stored does not say
    /// which blocks its own tokens would have kept.
    /// </summary>
    public bool UsesPrefixes(Sequence sequence) =>
        _prefixCache && sequence.Pooler is not { NeedsEveryPosition: true } && sequence.Attention is null;

    /// <summary>Takes all blocks back; what they hold, up to the last token, can still be found.</summary>
    public void Free(Sequence sequence)
    {
        if (sequence.HasBlocks && Publishes(sequence))
            _prefixes.PublishPart(sequence, Math.Min(sequence.Computed, sequence.Lasting));
        for (int g = 0; g < _pools.Length; g++)
            sequence.Blocks[g].Clear(_pools[g]);
        sequence.Computed = 0;
        sequence.Attention?.Clear();
        _prefixes.Leave(sequence);
    }

    /// <summary>
    /// Takes out the blocks that had least attention, where more are kept than were asked for. It happens at fixed positions, at which
    /// steps end, and what was counted until then does not depend on the steps: the choice is the same in every run.
    /// </summary>
    private void Choose(Sequence sequence, BlockAttention attention, int tokens)
    {
        int stored = tokens / BlockTokens - sequence.RemovedBlocks;
        var (first, end) = sequence.Request.Prompt.Retention.ChosenBlocks(stored, BlockTokens, out int most);
        for (; end - first > most; end--)
        {
            int least = attention.Least(first, end);
            attention.RemoveAt(least);
            for (int g = 0; g < _pools.Length; g++)
            {
                if (RetentionOf(sequence, g).ChoosesByAttention)
                    sequence.Blocks[g].RemoveAt(least, _pools[g]);
            }
        }
    }

    private bool Publishes(Sequence sequence) => _prefixCache && sequence.Attention is null;

    /// <summary>Blocks of a group that a sequence lacks for the tokens it has.</summary>
    private int Missing(Sequence sequence, int group, int stepTokens) => Math.Max(0, Math.Min(
        (sequence.Length + BlockTokens - 1) / BlockTokens - sequence.Blocks[group].End,
        RetentionOf(sequence, group).MostBlocks(sequence.Length, stepTokens, BlockTokens) - sequence.Blocks[group].Held));

    private KvRetention RetentionOf(Sequence sequence, int group) => _groups[group].Retention(sequence.Request.Prompt.Retention);
}
