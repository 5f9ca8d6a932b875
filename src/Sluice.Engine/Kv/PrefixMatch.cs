using Sluice.Core.Backend;
using Sluice.Core.Steps;

namespace Sluice.Engine.Kv;

/// <summary>
/// How much of a known chain can be used: the longest beginning whose next token finds all it sees stored, in every KV group. A group with
/// a window needs the last blocks only, one with sinks the first ones too. Fed block by block, in order.
/// </summary>
internal ref struct PrefixMatch
{
    private readonly KvGroupSpec[] _groups;
    private readonly KvRetention _chosen;
    private readonly bool _withCold;
    private readonly Span<Stored> _stored;

    /// <param name="chosen">What the sequence keeps.</param>
    /// <param name="withCold">Whether what only the second tier has counts as stored.</param>
    /// <param name="stored">Working memory, one for each group.</param>
    public PrefixMatch(KvGroupSpec[] groups, KvRetention chosen, bool withCold, Span<Stored> stored)
    {
        _groups = groups;
        _chosen = chosen;
        _withCold = withCold;
        _stored = stored;
        _stored.Fill(new Stored { FirstMissing = int.MaxValue });
    }

    /// <summary>Blocks that can be used, of those fed so far.</summary>
    public int Usable { get; private set; }

    /// <summary>Node of the last of them; <see cref="PrefixIndex.None"/> where there is none.</summary>
    public int End { get; private set; } = PrefixIndex.None;

    /// <param name="block">Its number in the sequence.</param>
    public void Feed(PrefixIndex index, int node, int block)
    {
        bool usable = true;
        for (int g = 0; g < _groups.Length; g++)
        {
            ref var stored = ref _stored[g];
            if (index.BlockOf(node, g) == PrefixIndex.None && !(_withCold && index.BlockOf(node, _groups.Length + g) != PrefixIndex.None))
            {
                stored.FirstMissing = Math.Min(stored.FirstMissing, block);
                stored.RunStart = block + 1;
            }
            int blockTokens = _groups[g].BlockTokens;
            var (first, end) = _groups[g].Retention(_chosen).HiddenBlocks((block + 1) * blockTokens, blockTokens);
            usable &= stored.FirstMissing >= Math.Min(first, block + 1) && stored.RunStart <= end;
        }
        if (usable)
            (Usable, End) = (block + 1, node);
    }

    /// <summary>What of a group is stored: nothing is missing before FirstMissing, nor from RunStart on.</summary>
    public struct Stored
    {
        public int FirstMissing;
        public int RunStart;
    }
}
