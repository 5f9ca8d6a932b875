using System.Buffers;
using System.Text;
using Sluice.Models.Grammars.Chars;
using Sluice.Models.Tokenizers;

namespace Sluice.Models.Grammars.Masks;

/// <summary>
/// A vocabulary's tokens by their bytes, as a tree laid out in depth-first order: a node's children follow it, each before its own
/// siblings. Tokens without bytes, special ones and those that end an answer are left out: no text is spelt with them. Immutable.
/// </summary>
internal sealed class TokenTrie
{
    private const int NoText = int.MaxValue;

    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private readonly int[] _depths;
    private readonly int[] _firstTokens;
    private readonly int[] _tokens;
    private readonly bool[] _holds;
    private readonly byte[] _runs;
    private readonly CharMask[] _chars;

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
        var (longest, chars) = (new List<int>(), new List<CharMask>());
        var suffixes = new (int Length, CharMask Chars)[Deepest + 1];
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
                longest.Add(0);
                chars.Add(default);
            }
            Measure(bytes, suffixes);
            for (int d = 0; d < bytes.Length; d++)
            {
                longest[path[d]] = Math.Max(longest[path[d]], suffixes[d].Length);
                chars[path[d]] |= suffixes[d].Chars;
            }
            before = bytes;
        }
        CutPath(0);
        firsts.Add(tokens.Count);
        (_bytes, _depths, _ends, _firstTokens) = ([.. nodes], [.. depths], [.. ends], [.. firsts]);
        _runs = [.. longest.Select(length => (byte)(length == NoText ? FreeRuns.None : FreeRuns.IndexOf(length)))];
        _chars = [.. chars];

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
    /// The most characters that lie between a node's parent and a token at or below it, the last of which may be cut short, by
    /// <see cref="FreeRuns.IndexOf"/>; <see cref="FreeRuns.None"/> where some of it is no character.
    /// </summary>
    public int RunOf(int node) => _runs[node];

    /// <summary>Those characters.</summary>
    public CharMask CharsOf(int node) => _chars[node];

    /// <summary>The tokens at a node and below it.</summary>
    public ReadOnlySpan<int> TokensBelow(int node) => _tokens.AsSpan(_firstTokens[node].._firstTokens[_ends[node]]);

    /// <summary>
    /// How many characters a token has from each byte on, and which; the last may be cut short.
    /// </summary>
    private static void Measure(byte[] bytes, (int Length, CharMask Chars)[] suffixes)
    {
        suffixes[bytes.Length] = default;
        for (int d = bytes.Length - 1; d >= 0; d--)
        {
            var status = Rune.DecodeFromUtf8(bytes.AsSpan(d), out var rune, out int used);
            var (length, chars) = suffixes[d + used];
            suffixes[d] = status switch
            {
                OperationStatus.NeedMoreData => (1, CharMask.Others),
                OperationStatus.Done when CharMask.Of(rune) is { IsEmpty: false } one && length != NoText => (length + 1, chars | one),
                _ => (NoText, CharMask.All),
            };
        }
    }

    private static bool IsText(ITokenizer tokenizer, int id) =>
        !tokenizer.IsSpecial(id) && !tokenizer.Special.EndOfGeneration.Contains(id) && id != tokenizer.Special.Unknown;
}
