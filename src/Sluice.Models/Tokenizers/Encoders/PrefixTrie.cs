using System.Numerics;

namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>Byte strings by their beginnings. Edges lie in one open-addressed table, so that a vocabulary of 250,000 pieces builds in tens of ms.</summary>
internal sealed class PrefixTrie
{
    // Node above, byte and node below of an edge; a node below of zero marks a free slot, for the root is below nothing.
    private (int Above, byte Label, int Below)[] _edges = new (int, byte, int)[1024];
    private int[] _values = new int[512];
    private int _nodes = 1;

    public const int Root = 0;

    /// <summary>Adds a string that is not empty. Of equal strings the last one counts.</summary>
    /// <param name="value">Zero or more.</param>
    public void Add(ReadOnlySpan<byte> key, int value)
    {
        int node = Root;
        foreach (byte label in key)
        {
            if (_nodes * 2 >= _edges.Length)
                Grow();
            ref var edge = ref _edges[Slot(node, label)];
            if (edge.Below == 0)
            {
                edge = (node, label, _nodes++);
                if (_nodes > _values.Length)
                    Array.Resize(ref _values, _nodes * 2);
            }
            node = edge.Below;
        }
        _values[node] = value + 1;
    }

    /// <summary>Moves a node down one byte; false where no string goes on so.</summary>
    public bool TryStep(ref int node, byte label)
    {
        int below = _edges[Slot(node, label)].Below;
        if (below == 0)
            return false;
        node = below;
        return true;
    }

    /// <summary>The value of the string that ends at a node, or -1.</summary>
    public int Value(int node) => _values[node] - 1;

    private int Slot(int above, byte label)
    {
        int mask = _edges.Length - 1;
        int slot = (int)ByteHash.Of((ulong)(uint)above << 8 | label) & mask;
        while (_edges[slot].Below != 0 && (_edges[slot].Above != above || _edges[slot].Label != label))
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        var edges = _edges;
        _edges = new (int, byte, int)[BitOperations.RoundUpToPowerOf2((uint)edges.Length * 2)];
        foreach (var edge in edges)
            if (edge.Below != 0)
                _edges[Slot(edge.Above, edge.Label)] = edge;
    }
}
