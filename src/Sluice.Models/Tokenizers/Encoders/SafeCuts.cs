namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>
/// Vocabularies of SentencePiece's kind take a whole text as one piece. But where no token has a word mark (U+2581) behind a given byte, no merge can reach
/// across that place, so the text may be cut there: the ids stay the same, and words stay short enough for the cache.
/// </summary>
internal sealed class SafeCuts
{
    // Bytes right before a word mark within some token. The mark's own last byte is always joined: runs of marks are tokens.
    private readonly bool[] _joined = new bool[256];

    public SafeCuts(Vocabulary vocabulary)
    {
        _joined[WordMark.Utf8[^1]] = true;
        for (int id = 0; id < vocabulary.Count; id++)
        {
            var spelling = vocabulary.Spelling(id);
            for (int from = 1, at; from < spelling.Length && (at = spelling[from..].IndexOf(WordMark.Utf8)) >= 0; from += at + 1)
                _joined[spelling[from + at - 1]] = true;
        }
    }

    /// <summary>The first place, not the start, where <paramref name="piece"/> may be cut.</summary>
    public bool TryCut(ReadOnlySpan<byte> piece, out int cut)
    {
        for (cut = 1; cut < piece.Length; cut++)
        {
            int at = piece[cut..].IndexOf(WordMark.Utf8);
            if (at < 0)
                return false;
            cut += at;
            if (!_joined[piece[cut - 1]])
                return true;
        }
        return false;
    }
}
