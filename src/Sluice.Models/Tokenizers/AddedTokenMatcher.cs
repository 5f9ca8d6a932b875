using System.Buffers;
using System.Text;
using Sluice.Models.Tokenizers.Encoders;
using Sluice.Models.Tokenizers.Patterns;

namespace Sluice.Models.Tokenizers;

/// <summary>Finds added tokens in a text: the leftmost first, of several at one place the longest. Immutable.</summary>
internal sealed class AddedTokenMatcher
{
    /// <summary>Longest spelling of an added token, in bytes; it bounds what one place of the text can cost.</summary>
    public const int SpellingLimit = 1024;

    private readonly PrefixTrie _trie = new();
    private readonly List<AddedToken> _tokens = [];
    private readonly SearchValues<byte> _firstBytes;

    /// <param name="tokens">Tokens with the spelling to look for, none of them empty.</param>
    public AddedTokenMatcher(IEnumerable<(AddedToken Token, byte[] Spelling)> tokens)
    {
        var firstBytes = new HashSet<byte>();
        foreach (var (token, spelling) in tokens)
        {
            _trie.Add(spelling, _tokens.Count);
            _tokens.Add(token);
            firstBytes.Add(spelling[0]);
        }
        _firstBytes = SearchValues.Create([.. firstBytes]);
    }

    /// <summary>
    /// The first added token at or after <paramref name="from"/>, with the white space it swallows. What lies before <paramref name="from"/> is
    /// not swallowed again, but counts as its neighbour.
    /// </summary>
    public AddedToken? Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        for (start = from; ; start++)
        {
            int ahead = text[start..].IndexOfAny(_firstBytes);
            if (ahead < 0)
                break;
            start += ahead;
            if (Longest(text, start, out end) is not { } token)
                continue;
            if (token.SingleWord && TouchesWord(text, start, end))
            {
                start = end - 1;
                continue;
            }
            if (token.StripLeft)
                start = from + text[from..start].Length - TrailingSpace(text[from..start]);
            if (token.StripRight)
                end += LeadingSpace(text[end..]);
            return token;
        }
        start = end = text.Length;
        return null;
    }

    private AddedToken? Longest(ReadOnlySpan<byte> text, int start, out int end)
    {
        AddedToken? longest = null;
        end = start;
        for (int at = start, node = PrefixTrie.Root; at < text.Length && _trie.TryStep(ref node, text[at]); at++)
            if (_trie.Value(node) is var value and >= 0)
                (longest, end) = (_tokens[value], at + 1);
        return longest;
    }

    private static bool TouchesWord(ReadOnlySpan<byte> text, int start, int end)
    {
        bool before = Rune.DecodeLastFromUtf8(text[..start], out var left, out _) == OperationStatus.Done && RuneClasses.RustWord.Contains(left.Value);
        return before || (Rune.DecodeFromUtf8(text[end..], out var right, out _) == OperationStatus.Done && RuneClasses.RustWord.Contains(right.Value));
    }

    private static int TrailingSpace(ReadOnlySpan<byte> text)
    {
        int length = 0;
        while (Rune.DecodeLastFromUtf8(text[..^length], out var rune, out int bytes) == OperationStatus.Done && RuneClasses.Space.Contains(rune.Value))
            length += bytes;
        return length;
    }

    private static int LeadingSpace(ReadOnlySpan<byte> text)
    {
        int length = 0;
        while (Rune.DecodeFromUtf8(text[length..], out var rune, out int bytes) == OperationStatus.Done && RuneClasses.Space.Contains(rune.Value))
            length += bytes;
        return length;
    }
}
