using System.Diagnostics;

namespace Sluice.Engine.Kv;

/// <summary>
/// The known prefixes as a tree. A node stands for everything from the beginning of a sequence to the end of one block, and says in which
/// block of each place (a KV group's memory, or its second tier) that content is, if in any. Nodes are looked up by hash, but one is only
/// taken for what it is if its tokens and its parent are equal, so nothing rests on the hash. A node lives while a place has its content, a
/// sequence ends at it, or another node continues it. Plain bookkeeping: not safe from several threads.
/// </summary>
/// <param name="places">Places that a content can be in.</param>
/// <param name="mostNodes">Where there are as many, no further prefix becomes known until others are forgotten.</param>
internal sealed class PrefixIndex(int places, int blockTokens, int mostNodes)
{
    public const int None = -1;
    private const int FewestNodes = 64;

    private readonly Dictionary<ulong, int> _byHash = [];
    private Node[] _nodes = [];
    private int[] _tokens = [];
    private int[] _blocks = [];
    private int _made;
    private int _unused = None;

    /// <summary>Nodes that live.</summary>
    public int Count => _byHash.Count;

    /// <summary>The node that continues <paramref name="parent"/> by these tokens, if there is one.</summary>
    /// <param name="parent"><see cref="None"/> for a first block.</param>
    /// <param name="hash">Chained hash of the block.</param>
    public bool TryFind(in PrefixRoot root, int parent, ulong hash, ReadOnlySpan<int> tokens, out int node) =>
        _byHash.TryGetValue(hash, out node) && _nodes[node].Parent == parent && (parent != None || _nodes[node].Root == root) &&
        tokens.SequenceEqual(TokensOf(node));

    /// <summary>
    /// As <see cref="TryFind"/>, but makes the node where there is none; false where the hash is another prefix's or the index is full.
    /// </summary>
    public bool TryAdd(in PrefixRoot root, int parent, ulong hash, ReadOnlySpan<int> tokens, out int node)
    {
        if (_byHash.TryGetValue(hash, out node))
            return TryFind(root, parent, hash, tokens, out node);
        if (Count == mostNodes)
            return false;
        node = Take();
        _nodes[node] = new Node { Hash = hash, Parent = parent, Root = parent == None ? root : default };
        tokens.CopyTo(TokensOf(node));
        _blocks.AsSpan(node * places, places).Fill(None);
        _byHash.Add(hash, node);
        if (parent != None)
            Hold(parent);
        return true;
    }

    /// <summary>The block of a place that has a node's content; <see cref="None"/> where none has.</summary>
    public int BlockOf(int node, int place) => _blocks[node * places + place];

    public void SetBlock(int node, int place, int block)
    {
        Debug.Assert(BlockOf(node, place) == None, "a content is known in two blocks of a place");
        _blocks[node * places + place] = block;
        Hold(node);
    }

    public void ClearBlock(int node, int place)
    {
        _blocks[node * places + place] = None;
        Release(node);
    }

    /// <summary>Keeps a node, and with it those before it, until it is released as often.</summary>
    public void Hold(int node) => _nodes[node].Holders++;

    public void Release(int node)
    {
        while (node != None && --_nodes[node].Holders == 0)
        {
            int parent = _nodes[node].Parent;
            _byHash.Remove(_nodes[node].Hash);
            _nodes[node] = new Node { Parent = _unused };
            _unused = node;
            node = parent;
        }
    }

    private int Take()
    {
        if (_unused != None)
        {
            int node = _unused;
            _unused = _nodes[node].Parent;
            return node;
        }
        if (_made == _nodes.Length)
        {
            int room = (int)Math.Min(mostNodes, Math.Max(FewestNodes, 2L * _made));
            Array.Resize(ref _nodes, room);
            Array.Resize(ref _tokens, room * blockTokens);
            Array.Resize(ref _blocks, room * places);
            _byHash.EnsureCapacity(room);
        }
        return _made++;
    }

    private Span<int> TokensOf(int node) => _tokens.AsSpan(node * blockTokens, blockTokens);

    /// <summary>Of a node that is not in use, Parent is the next such one.</summary>
    private struct Node
    {
        public ulong Hash;
        public int Parent;
        public int Holders;
        public PrefixRoot Root;
    }
}
