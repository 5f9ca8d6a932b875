using Sluice.Models.Tokenizers.Decoders;
using Sluice.Models.Tokenizers.Encoders;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>What SentencePiece vocabularies have in common, whichever file brought them.</summary>
internal static class SentencePieceParts
{
    /// <summary>BPE whose merges follow from the scores of pieces that a text may be merged to.</summary>
    public static IPieceEncoder Bpe(Vocabulary vocabulary, ReadOnlySpan<float> scores, Func<int, TokenKind> kind, int? unknown)
    {
        var merges = ScoredMerges.Create(vocabulary, scores, id => kind(id) is not (TokenKind.Control or TokenKind.Unknown or TokenKind.Byte));
        return new BpeEncoder<ScoredMerges>(vocabulary, merges, new BpeOptions { ByteFallback = true, Unknown = unknown, FuseUnknown = true });
    }

    /// <summary>The unigram model over pieces of the kinds that a text may be cut into.</summary>
    public static IPieceEncoder Unigram(Vocabulary vocabulary, ReadOnlySpan<float> scores, Func<int, TokenKind> kind, int? unknown, bool byteFallback)
    {
        var own = new double[vocabulary.Count];
        double lowest = double.MaxValue;
        for (int id = 0; id < own.Length; id++)
        {
            own[id] = kind(id) == TokenKind.UserDefined ? 0 : scores[id];
            if (kind(id) == TokenKind.Normal)
                lowest = Math.Min(lowest, scores[id]);
        }
        var candidates = Enumerable.Range(0, own.Length).Where(id => kind(id) is TokenKind.Normal or TokenKind.UserDefined);
        return new UnigramEncoder(vocabulary, own, candidates, lowest == double.MaxValue ? 0 : lowest, unknown, byteFallback);
    }

    /// <param name="prefixed">Whether encoding puts a space before a text.</param>
    public static IReadOnlyList<IDecoder> Decoders(bool prefixed) =>
    [
        new ReplaceDecoder(WordMark.Utf8.ToArray(), " "u8.ToArray(), joined: false),
        new ByteFallbackDecoder(),
        new StripDecoder(" "u8.ToArray(), prefixed ? 1 : 0, 0, joined: true),
    ];
}
