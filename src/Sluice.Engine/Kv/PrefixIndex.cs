using System.Diagnostics;

namespace Sluice.Engine.Kv;

/// <summary>
/// The known prefixes as a tree. A node stands for everything from the beginning of a sequence to the end of one block, and says in which
/// block of each place (a KV group's memory, or its second tier) that content is, if in any. Nodes are looked up by hash, but one is only
/// taken for what it is if its tokens and its parent are equal, so nothing rests on the hash. A node lives while a place has its content, a
/// sequence ends at it, or another node continues it. A leaf may stand for the beginning of a block only: it has no hash and nothing
/// continues it, but it is found, as whole blocks are, by the tokens that a prompt has in common with it. Plain bookkeeping: not safe from
/// several threads.
/// </summary>
/// <param name="places">Places that a content can be in.</param>
/// <param name="mostNodes">Where there are as many, no further prefix becomes known until others are forgotten.</param>
internal sealed class PrefixIndex(int places, int blockTokens, int mostNodes)
{
    public const int None = -1;
    private const int FewestNodes = 64;

    /// <summary>Of what continues a node, so many are compared with a prompt: those that became known last.</summary>
    private const int MostCompared = 128;

    private readonly Dictionary<ulong, int> _byHash = [];
    private Node[] _nodes = [];
    private int[] _tokens = [];
    private int[] _blocks = [];
    private int _made;
    private int _unused = None;
    private int _firstRoot = None;

    /// <summary>Nodes that live.</summary>
    public int Count { get; private set; }

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
        if (!TryMake(root, parent, tokens, out node))
            return false;
        _nodes[node].Hash = hash;
        _byHash.Add(hash, node);
        return true;
    }

    /// <summary>
    /// Makes a leaf of a block's beginning; false where it is known already, in a block of each of the first <paramref name="inPlaces"/> places,
    /// or the index is full.
    /// </summary>
    public bool TryAddPart(in PrefixRoot root, int parent, ReadOnlySpan<int> tokens, int inPlaces, out int node) =>
        FindPart(root, parent, tokens, inPlaces, out node) < tokens.Length && TryMake(root, parent, tokens, out node);

    /// <summary>
    /// How many of these tokens, which are less than a block, are the beginning of something that continues <paramref name="parent"/> and
    /// that each of the first <paramref name="inPlaces"/> places has in a block.
    /// </summary>
    /// <param name="node">What begins with them.</param>
    public int FindPart(in PrefixRoot root, int parent, ReadOnlySpan<int> tokens, int inPlaces, out int node)
    {
        node = None;
        int most = 0, left = MostCompared;
        for (int next = FirstOf(parent); next != None && most < tokens.Length && left > 0; next = _nodes[next].Next, left--)
        {
            int same = tokens.CommonPrefixLength(TokensOf(next));
            if (same <= most || (parent == None && _nodes[next].Root != root) || _blocks.AsSpan(next * places, inPlaces).Contains(None))
                continue;
            most = same;
            node = next;
        }
        return most;
    }

    /// <summary>Whether a node stands for the beginning of a block only.</summary>
    public bool IsPart(int node) => _nodes[node].Tokens < blockTokens;

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
            if (!IsPart(node))
                _byHash.Remove(_nodes[node].Hash);
            Unlink(node);
            _nodes[node] = new Node { Next = _unused };
            _unused = node;
            Count--;
            node = parent;
        }
    }

    private bool TryMake(in PrefixRoot root, int parent, ReadOnlySpan<int> tokens, out int node)
    {
        node = None;
        if (Count == mostNodes)
            return false;
        node = Take();
        Count++;
        _nodes[node] = new Node { Parent = parent, Root = parent == None ? root : default, Tokens = tokens.Length, First = None };
        tokens.CopyTo(_tokens.AsSpan(node * blockTokens));
        _blocks.AsSpan(node * places, places).Fill(None);
        Link(node);
        if (parent != None)
            Hold(parent);
        return true;
    }

    private void Link(int node)
    {
        ref int first = ref FirstOf(_nodes[node].Parent);
        _nodes[node].Next = first;
        _nodes[node].Previous = None;
        if (first != None)
            _nodes[first].Previous = node;
        first = node;
    }

    private void Unlink(int node)
    {
        var (next, previous) = (_nodes[node].Next, _nodes[node].Previous);
        if (previous == None)
            FirstOf(_nodes[node].Parent) = next;
        else
            _nodes[previous].Next = next;
        if (next != None)
            _nodes[next].Previous = previous;
    }

    private int Take()
    {
        if (_unused != None)
        {
            int node = _unused;
            _unused = _nodes[node].Next;
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

    private ReadOnlySpan<int> TokensOf(int node) => _tokens.AsSpan(node * blockTokens, _nodes[node].Tokens);

    /// <summary>What continues a node, or begins a sequence, begins with this node; those that became known before it follow.</summary>
    private ref int FirstOf(int parent) => ref parent == None ? ref _firstRoot : ref _nodes[parent].First;

    /// <summary>Of a node that is not in use, Next is the next such one.</summary>
    private struct Node
    {
        public ulong Hash;
        public int Parent;
        public int Holders;
        public int Tokens;
        public int First;
        public int Next;
        public int Previous;
        public PrefixRoot Root;
    }
}
