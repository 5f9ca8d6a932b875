using System.Text;
using Sluice.Models.Tokenizers;

namespace Sluice.Tests.Models.Grammars;

/// <summary>A vocabulary of all bytes, some words of JSON, a special token that spells text, and an end.</summary>
internal sealed class ByteTokenizer : ITokenizer
{
    public const int Special0 = 256;
    public const int End = 257;

    private static readonly string[] Words =
    [
        "\"", "{\"", "\":", "\": ", "\",\"", "\", \"", "\"}", "\"]", "},", "[{", "true", "false", "null", "name", "age", "ab", "abc",
        "12", "123", "1,", "1}", "}}", "]}", "é", "  ", "\n  ", "a\"", "b\":\"", "0.", ".5", "e1",
        "中", "中文", "日\"", "\x7f", "a\x7f", "abcdefgh", "abcdefghabcdefghabcdefghabcdefghi", "a-b", "a.b", "xn--", "<a", "\\n", "a\\\"b",
        "bb", "ba中",
    ];

    // Characters that are cut short, as byte-level vocabularies have them.
    private static readonly byte[][] Parts = [[0xE4, 0xB8], [0xAD, 0x61], [0x61, 0xF0, 0x9F], [0xED, 0xA0], [0x61, 0xC0]];

    private readonly byte[][] _bytes =
    [
        .. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), "<|x|>"u8.ToArray(), "</s>"u8.ToArray(),
        .. Words.Select(Encoding.UTF8.GetBytes), .. Parts,
    ];

    public int VocabularySize => _bytes.Length;

    public SpecialTokens Special { get; } = new(null, End, null, null, false, false, new HashSet<int> { End });

    /// <summary>Always the longest word that fits.</summary>
    public void Encode(ReadOnlySpan<char> text, EncodeOptions options, List<int> ids)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToArray());
        for (int at = 0; at < bytes.Length;)
        {
            int best = Enumerable.Range(0, _bytes.Length).Where(id => !IsSpecial(id) && bytes.AsSpan(at).StartsWith(_bytes[id]))
                .MaxBy(id => _bytes[id].Length);
            ids.Add(best);
            at += _bytes[best].Length;
        }
    }

    public bool TryEncode(ReadOnlySpan<char> text, EncodeOptions options, int most, List<int> ids)
    {
        Encode(text, options, ids);
        return ids.Count <= most;
    }

    public ReadOnlySpan<byte> Bytes(int id) => _bytes[id];

    public string Spelling(int id) => Encoding.UTF8.GetString(_bytes[id]);

    public int Find(string spelling) => Array.FindIndex(_bytes, bytes => Encoding.UTF8.GetString(bytes) == spelling);

    public bool IsSpecial(int id) => id is Special0 or End;

    public IDetokenizer CreateDetokenizer(bool showSpecial, bool continuing = false) => throw new NotSupportedException();
}
