using System.Numerics;

namespace Sluice.Gateway.Routing;

/// <summary>
/// Which blocks of conversations were sent to which members, for those that cannot be asked: the tree of all prefixes, kept flat, since a
/// block's hash covers everything before it. Bounded: the blocks that nobody asked for longest are forgotten. Safe from any thread.
/// </summary>
/// <param name="capacity">Most blocks remembered.</param>
internal sealed class PrefixIndex(int capacity)
{
    /// <summary>Members with a greater id are not remembered: one bit each.</summary>
    public const int MaxMembers = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, LinkedListNode<Block>> _blocks = [];
    private readonly LinkedList<Block> _recent = new(); // last asked for first

    public int Count
    {
        get { lock (_gate) return _blocks.Count; }
    }

    /// <summary>Counts for each member how many blocks from the beginning on were sent to it.</summary>
    /// <param name="matched">By member id; filled.</param>
    /// <returns>The member that was sent the longest known beginning last; -1 where none was.</returns>
    public int Match(ReadOnlySpan<ulong> hashes, Span<int> matched)
    {
        matched.Clear();
        int last = -1;
        ulong alive = ulong.MaxValue;
        int length = 0;
        lock (_gate)
        {
            for (; length < hashes.Length && _blocks.TryGetValue(hashes[length], out LinkedListNode<Block>? node); length++)
            {
                ulong still = alive & node.Value.Members;
                SetAll(matched, alive & ~still, length);
                alive = still;
                if (alive == 0)
                    return last;
                last = node.Value.Last;
            }
        }
        SetAll(matched, alive, length);
        return last;
    }

    /// <summary>Remembers that these blocks were sent to a member.</summary>
    public void Add(ReadOnlySpan<ulong> hashes, int member)
    {
        if (member >= MaxMembers)
            return;
        lock (_gate)
        {
            // From the end, so that the beginning, which most requests share, is the most recent.
            for (int i = Math.Min(hashes.Length, capacity) - 1; i >= 0; i--)
                Touch(hashes[i], member);
            while (_blocks.Count > capacity)
            {
                _blocks.Remove(_recent.Last!.Value.Hash);
                _recent.RemoveLast();
            }
        }
    }

    private static void SetAll(Span<int> matched, ulong members, int length)
    {
        for (; members != 0; members &= members - 1)
        {
            int member = BitOperations.TrailingZeroCount(members);
            if (member < matched.Length)
                matched[member] = length;
        }
    }

    private void Touch(ulong hash, int member)
    {
        if (_blocks.TryGetValue(hash, out LinkedListNode<Block>? node))
        {
            node.ValueRef.Members |= 1UL << member;
            node.ValueRef.Last = member;
            _recent.Remove(node);
            _recent.AddFirst(node);
        }
        else
        {
            _blocks.Add(hash, _recent.AddFirst(new Block(hash, member)));
        }
    }

    private struct Block(ulong hash, int member)
    {
        public readonly ulong Hash = hash;
        public ulong Members = 1UL << member;
        public int Last = member;
    }
}
