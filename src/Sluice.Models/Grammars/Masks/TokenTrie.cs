using System.Text.Unicode;
using Sluice.Models.Tokenizers;

namespace Sluice.Models.Grammars.Masks;

/// <summary>
/// A vocabulary's tokens by their bytes, as a tree laid out in depth-first order: a node's children follow it, each before its own
/// siblings. Tokens without bytes, special ones and those that end an answer are left out: no text is spelt with them. Immutable.
/// </summary>
internal sealed class TokenTrie
{
    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private readonly int[] _depths;
    private readonly int[] _firstTokens;
    private readonly int[] _tokens;
    private readonly bool[] _holds;
    private readonly bool[] _isPlain;

    public TokenTrie(ITokenizer tokenizer)
    {
        var tokens = new List<(byte[] Bytes, int Id)>();
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            byte[] bytes = IsText(tokenizer, id) ? tokenizer.Bytes(id).ToArray() : [];
            if (bytes.Length > 0)
                tokens.Add((bytes, id));
            Deepest = Math.Max(Deepest, bytes.Length);
        }
        tokens.Sort(static (a, b) => a.Bytes.AsSpan().SequenceCompareTo(b.Bytes) is var order && order != 0 ? order : a.Id.CompareTo(b.Id));
        _tokens = [.. tokens.Select(token => token.Id)];
        _holds = new bool[tokenizer.VocabularySize];
        foreach (int token in _tokens)
            _holds[token] = true;
        var (nodes, depths, ends, firsts) = (new List<byte>(), new List<int>(), new List<int>(), new List<int>());
        var plain = new List<bool>();
        var path = new List<int>();
        byte[] before = [];
        for (int t = 0; t < tokens.Count; t++)
        {
            byte[] bytes = tokens[t].Bytes;
            int shared = bytes.AsSpan().CommonPrefixLength(before);
            CutPath(shared);
            for (int d = shared; d < bytes.Length; d++)
            {
                path.Add(nodes.Count);
                nodes.Add(bytes[d]);
                depths.Add(d + 1);
                ends.Add(0);
                firsts.Add(t);
                plain.Add(true);
            }
            for (int d = 0; d < bytes.Length; d++)
                plain[path[d]] &= IsPlainText(bytes.AsSpan(d));
            before = bytes;
        }
        CutPath(0);
        firsts.Add(tokens.Count);
        (_bytes, _depths, _ends, _firstTokens, _isPlain) = ([.. nodes], [.. depths], [.. ends], [.. firsts], [.. plain]);

        void CutPath(int length)
        {
            for (; path.Count > length; path.RemoveAt(path.Count - 1))
                ends[path[^1]] = nodes.Count;
        }
    }

    public int Nodes => _bytes.Length;

    /// <summary>Bytes of the longest token.</summary>
    public int Deepest { get; }

    /// <summary>Whether a token is among those that spell text.</summary>
    public bool Holds(int token) => (uint)token < (uint)_holds.Length && _holds[token];

    /// <summary>The byte on the way into a node.</summary>
    public byte ByteOf(int node) => _bytes[node];

    /// <summary>How many bytes lead to a node.</summary>
    public int DepthOf(int node) => _depths[node];

    /// <summary>The first node that is not below this one.</summary>
    public int EndOf(int node) => _ends[node];

    /// <summary>The tokens that end in a node; they are sorted, so its own come before those of the node laid out next.</summary>
    public ReadOnlySpan<int> TokensOf(int node) => _tokens.AsSpan(_firstTokens[node].._firstTokens[node + 1]);

    /// <summary>
    /// Whether all that lies between a node's parent and any token at or below it is whole characters that a JSON string can hold.
    /// </summary>
    public bool IsPlain(int node) => _isPlain[node];

    /// <summary>The tokens at a node and below it.</summary>
    public ReadOnlySpan<int> TokensBelow(int node) => _tokens.AsSpan(_firstTokens[node].._firstTokens[_ends[node]]);

    private static bool IsPlainText(ReadOnlySpan<byte> bytes) =>
        !bytes.ContainsAny((byte)'"', (byte)'\\') && !bytes.ContainsAnyInRange((byte)0, (byte)0x1F) && Utf8.IsValid(bytes);

    private static bool IsText(ITokenizer tokenizer, int id) =>
        !tokenizer.IsSpecial(id) && !tokenizer.Special.EndOfGeneration.Contains(id) && id != tokenizer.Special.Unknown;
}
