using System.Diagnostics;
using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Engine.Requests;
using Sluice.Engine.Scheduling;

namespace Sluice.Engine.Kv;

/// <summary>
/// What the blocks hold: finds stored prefixes, gives their blocks to sequences, makes complete blocks known, and moves contents to and
/// from the second tier. Places of a content are numbered: the KV groups' blocks, then the groups' slots in the second tier. For the
/// engine's thread, but that anybody may ask what is stored: only the engine's thread changes the index, under the
/// lock, so it reads without.
/// </summary>
/// <param name="cold">The second tier; null where there is none.</param>
internal sealed class PrefixCache(KvGroupSpec[] groups, BlockPool[] pools, int mostPrefixes, ColdBlocks? cold)
{
    private readonly int _blockTokens = groups[0].BlockTokens;
    private readonly PrefixIndex _index = new(2 * groups.Length, groups[0].BlockTokens, mostPrefixes);
    private readonly Lock _changes = new();

    public ColdLoad ColdLoad => cold?.Load ?? default;

    private bool ColdWorks => cold is { Works: true };

    /// <summary>
    /// Longest stored prefix of a prompt, in tokens; always leaves one to compute, whose logits are needed. Safe from any thread.
    /// </summary>
    public int Find(Prompt prompt)
    {
        int usable = Math.Max(0, prompt.Length - 1), most = Math.Min(prompt.BlockHashes.Length, usable / _blockTokens);
        lock (_changes)
        {
            int tokens = Find(prompt.Root, prompt.BlockHashes.Span[..most], prompt.Ids, ColdWorks, out int end) * _blockTokens;
            return tokens + _index.FindPart(prompt.Root, end, PartOf(prompt.Ids, tokens, usable), groups.Length, out _);
        }
    }

    /// <summary>
    /// Gives a sequence without blocks those of its prefix in memory, its answer so far included; returns the prefix's tokens.
    /// </summary>
    public int Take(Sequence sequence)
    {
        TryTake(sequence, withCold: false, out int blocks); // takes no further block, so it cannot fail
        return blocks * _blockTokens;
    }

    /// <summary>Takes the prefix anew with what only the second tier has, where that makes it longer; returns its tokens.</summary>
    /// <param name="tokens">Those of the prefix that the sequence has.</param>
    public int Extend(Sequence sequence, int tokens)
    {
        if (!ColdWorks || Find(sequence.Request.Prompt.Root, Hashes(sequence), sequence.Tokens, withCold: true, out _) * _blockTokens <= tokens)
            return tokens;
        LetGo(sequence);
        return TryTake(sequence, withCold: true, out int blocks) ? blocks * _blockTokens : Take(sequence);
    }

    /// <summary>
    /// Gives a sequence that has the whole blocks of its prefix a copy of the block in which something stored goes on as it does; returns
    /// for how many tokens, 0 where there is nothing such or no block free.
    /// </summary>
    /// <param name="copy">Copies what a block of a group holds into another.</param>
    public int TakePart(Sequence sequence, Action<int, int, int> copy)
    {
        var part = PartOf(sequence.Tokens, sequence.Computed, Math.Min(sequence.Length - 1, sequence.Lasting));
        int tokens = _index.FindPart(sequence.Request.Prompt.Root, sequence.Chain.End, part, groups.Length, out int node);
        if (tokens == 0)
            return 0;
        Span<int> stored = stackalloc int[groups.Length];
        for (int g = 0; g < groups.Length; g++)
            pools[g].Share(stored[g] = _index.BlockOf(node, g)); // lest it be the one that is taken for the copy
        bool room = !Array.Exists(pools, pool => pool.FreeBlocks == 0);
        for (int g = 0; g < groups.Length; g++)
        {
            if (room && TryTakeBlock(g, out int block))
            {
                copy(g, stored[g], block);
                sequence.Blocks[g].Add(block);
            }
            pools[g].Release(stored[g]);
        }
        return room ? tokens : 0;
    }

    /// <summary>
    /// Takes a free block for new content; what it held moves to the second tier, where there is one, and is forgotten here.
    /// </summary>
    public bool TryTakeBlock(int group, out int block)
    {
        if (!pools[group].TryTake(out block, out int evicted))
            return false;
        if (evicted == PrefixIndex.None)
            return true;
        if (ColdWorks && !_index.IsPart(evicted))
            MoveOut(evicted, group, block);
        lock (_changes) _index.ClearBlock(evicted, group);
        return true;
    }

    /// <summary>Makes a complete block of a sequence known. Of equal blocks the first stays the one that is found.</summary>
    public void Publish(Sequence sequence, int block)
    {
        var chain = sequence.Chain;
        if (chain.Broken)
            return;
        ulong hash = chain.Hashes(block + 1, sequence.Tokens, _blockTokens)[block];
        lock (_changes)
        {
            if (!_index.TryAdd(sequence.Request.Prompt.Root, chain.End, hash, TokensOf(sequence.Tokens, block), out int node))
            {
                chain.Broken = true;
                return;
            }
            Move(chain, node);
            for (int g = 0; g < groups.Length; g++)
            {
                if (_index.BlockOf(node, g) == PrefixIndex.None)
                    Label(node, g, sequence.Blocks[g][block]);
            }
        }
    }

    /// <summary>
    /// Makes what a sequence has of its last block known, behind all its complete blocks. The sequence may go on to write behind it.
    /// </summary>
    /// <param name="tokens">Its tokens that are stored and stay what they are.</param>
    public void PublishPart(Sequence sequence, int tokens)
    {
        int block = tokens / _blockTokens;
        var part = PartOf(sequence.Tokens, block * _blockTokens, tokens);
        if (part.IsEmpty || sequence.Chain.Broken)
            return;
        lock (_changes)
        {
            if (!_index.TryAddPart(sequence.Request.Prompt.Root, sequence.Chain.End, part, groups.Length, out int node))
                return;
            for (int g = 0; g < groups.Length; g++)
                Label(node, g, sequence.Blocks[g][block]);
        }
    }

    /// <summary>Lets what memory holds of a sequence's first blocks go after all that is not pinned.</summary>
    public void Pin(Sequence sequence, int blocks)
    {
        var hashes = sequence.Chain.Hashes(blocks, sequence.Tokens, _blockTokens);
        int node = PrefixIndex.None;
        for (int b = 0; b < blocks; b++)
        {
            if (!_index.TryFind(sequence.Request.Prompt.Root, node, hashes[b], TokensOf(sequence.Tokens, b), out node))
                return;
            for (int g = 0; g < groups.Length; g++)
            {
                int block = _index.BlockOf(node, g);
                if (block != PrefixIndex.None && !pools[g].TryPin(block))
                    return; // everything pinned is in use: the rest is cached as it would be without
            }
        }
    }

    /// <summary>Forgets how far a sequence was published: it gave its blocks back.</summary>
    public void Leave(Sequence sequence)
    {
        lock (_changes) Move(sequence.Chain, PrefixIndex.None);
        sequence.Chain.Broken = false;
    }

    /// <summary>In blocks.</summary>
    /// <param name="end">Node of the last of them.</param>
    private int Find(in PrefixRoot root, ReadOnlySpan<ulong> hashes, ReadOnlySpan<int> tokens, bool withCold, out int end)
    {
        var match = new PrefixMatch(groups, root.Retention, withCold, stackalloc PrefixMatch.Stored[groups.Length]);
        int node = PrefixIndex.None;
        for (int b = 0; b < hashes.Length; b++)
        {
            if (!_index.TryFind(root, node, hashes[b], TokensOf(tokens, b), out node))
                break;
            match.Feed(_index, node, b);
        }
        end = match.End;
        return match.Usable;
    }

    /// <summary>False, with nothing taken, where a block of the second tier found no room or could not be read.</summary>
    private bool TryTake(Sequence sequence, bool withCold, out int blocks)
    {
        var root = sequence.Request.Prompt.Root;
        var hashes = Hashes(sequence);
        blocks = Find(root, hashes, sequence.Tokens, withCold, out _);
        // What is in memory first, lest it be evicted to make room for the rest.
        int node = Hold(sequence, hashes[..blocks], blocks);
        lock (_changes) Move(sequence.Chain, node);
        node = PrefixIndex.None;
        for (int b = 0; b < blocks && withCold; b++)
        {
            _index.TryFind(root, node, hashes[b], TokensOf(sequence.Tokens, b), out node);
            for (int g = 0; g < groups.Length; g++)
            {
                if (sequence.Blocks[g][b] == BlockTable.Lacking && !TryMoveIn(sequence, node, g, b))
                {
                    LetGo(sequence);
                    return false;
                }
            }
        }
        return true;
    }

    private ReadOnlySpan<ulong> Hashes(Sequence sequence) =>
        sequence.Chain.Hashes(
            Math.Min((sequence.Length - 1) / _blockTokens, sequence.Lasting / _blockTokens), sequence.Tokens, _blockTokens);

    private void LetGo(Sequence sequence)
    {
        for (int g = 0; g < groups.Length; g++)
            sequence.Blocks[g].Clear(pools[g]);
        Leave(sequence);
    }

    /// <summary>
    /// Fills a sequence's tables with the prefix's blocks in memory, and with places kept for those in the second
    /// tier; returns its last node.
    /// </summary>
    private int Hold(Sequence sequence, ReadOnlySpan<ulong> hashes, int blocks)
    {
        var root = sequence.Request.Prompt.Root;
        int node = PrefixIndex.None;
        for (int b = 0; b < blocks; b++)
        {
            _index.TryFind(root, node, hashes[b], TokensOf(sequence.Tokens, b), out node);
            for (int g = 0; g < groups.Length; g++)
            {
                var (first, end) = groups[g].Retention(root.Retention).HiddenBlocks(blocks * _blockTokens, _blockTokens);
                int block = _index.BlockOf(node, g);
                bool hidden = b >= first && b < end;
                sequence.Blocks[g].Add(hidden ? StepBatch.DroppedBlock : block == PrefixIndex.None ? BlockTable.Lacking : block);
                if (!hidden && block != PrefixIndex.None)
                    pools[g].Share(block);
            }
        }
        return node;
    }

    private bool TryMoveIn(Sequence sequence, int node, int group, int place)
    {
        int slot = _index.BlockOf(node, ColdPlace(group));
        if (slot == PrefixIndex.None) // it was overwritten while those before it were read
            return false;
        var slots = cold!.Slots(group);
        slots.Share(slot); // lest making room overwrite it
        bool taken = TryTakeBlock(group, out int block);
        bool read = taken && cold.TryRead(group, slot, block);
        slots.Release(slot);
        if (taken && !read)
            pools[group].Release(block);
        if (!read)
            return false;
        sequence.Blocks[group].Fill(place, block);
        lock (_changes) Label(node, group, block);
        return true;
    }

    private void MoveOut(int node, int group, int block)
    {
        var slots = cold!.Slots(group);
        int known = _index.BlockOf(node, ColdPlace(group));
        if (known != PrefixIndex.None)
        {
            slots.Share(known); // it was read from there and is there still: now it was used last
            slots.Release(known);
            return;
        }
        if (!slots.TryTake(out int slot, out int overwritten))
            return; // every slot is being read
        if (overwritten != PrefixIndex.None)
            lock (_changes) _index.ClearBlock(overwritten, ColdPlace(group));
        if (cold.TryWrite(group, block, slot))
        {
            slots.Label(slot, node);
            lock (_changes) _index.SetBlock(node, ColdPlace(group), slot);
        }
        slots.Release(slot);
    }

    /// <summary>Under the lock.</summary>
    private void Label(int node, int group, int block)
    {
        int part = pools[group].Label(block, node);
        Debug.Assert(part == PrefixIndex.None || _index.IsPart(part), "a block's content became known twice");
        if (part != PrefixIndex.None)
            _index.ClearBlock(part, group);
        _index.SetBlock(node, group, block);
    }

    /// <summary>Holds another node as a chain's end. Under the lock.</summary>
    private void Move(BlockChain chain, int node)
    {
        if (node != PrefixIndex.None)
            _index.Hold(node);
        if (chain.End != PrefixIndex.None)
            _index.Release(chain.End);
        chain.End = node;
    }

    private int ColdPlace(int group) => groups.Length + group;

    /// <summary>
    /// The tokens from <paramref name="start"/> up to <paramref name="end"/> that are less than a block and say by themselves what is stored: none
    /// from a given embedding on.
    /// </summary>
    private ReadOnlySpan<int> PartOf(ReadOnlySpan<int> tokens, int start, int end)
    {
        var part = tokens[start..Math.Min(end, start + _blockTokens - 1)];
        int embedded = part.IndexOf(Prompt.EmbeddedPosition);
        return embedded < 0 ? part : part[..embedded];
    }

    private ReadOnlySpan<int> TokensOf(ReadOnlySpan<int> tokens, int block) => tokens.Slice(block * _blockTokens, _blockTokens);
}
