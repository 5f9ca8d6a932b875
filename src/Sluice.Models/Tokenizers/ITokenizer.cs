namespace Sluice.Models.Tokenizers;

/// <summary>Text to token ids and back. Immutable and safe to use from many threads.</summary>
public interface ITokenizer
{
    int VocabularySize { get; }

    SpecialTokens Special { get; }

    /// <summary>Appends the ids of <paramref name="text"/> to <paramref name="ids"/>. Linear in the text; never fails on any text.</summary>
    void Encode(ReadOnlySpan<char> text, EncodeOptions options, List<int> ids);

    /// <summary>
    /// The same, but gives up as soon as the text is known to have too many ids: for a text far too long that is at once, since no id stands for more
    /// bytes than the longest token.
    /// </summary>
    /// <param name="most">Most ids that <paramref name="ids"/> may hold in the end.</param>
    /// <returns>False where they would be more; the list then holds some of them.</returns>
    bool TryEncode(ReadOnlySpan<char> text, EncodeOptions options, int most, List<int> ids);

    /// <summary>The bytes a token stands for within a text (a leading word-boundary mark as its space); for a special token its name.</summary>
    ReadOnlySpan<byte> Bytes(int id);

    /// <summary>The token as the vocabulary spells it.</summary>
    string Spelling(int id);

    /// <summary>The id that is spelled so, or -1.</summary>
    int Find(string spelling);

    /// <summary>Whether the token is a control token: hidden from text unless asked for.</summary>
    bool IsSpecial(int id);

    /// <summary>A decoder for one stream of tokens.</summary>
    /// <param name="showSpecial">Whether control tokens come out by their names.</param>
    /// <param name="continuing">
    /// Whether the tokens continue a text, as an answer continues its prompt: otherwise the space that some vocabularies put before a text is
    /// taken off its first token.
    /// </param>
    IDetokenizer CreateDetokenizer(bool showSpecial, bool continuing = false);
}
