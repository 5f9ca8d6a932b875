using Sluice.Core.Errors;
using Sluice.Models.Tokenizers.Normalizers;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Makes a tokenizer of a SentencePiece model.</summary>
internal static class SentencePieceTokenizer
{
    private const int UnigramPieceLimit = 1024;

    /// <param name="roles">What the files beside it say of tokens; a SentencePiece model says neither what it adds to a text nor what was added to it.</param>
    public static Tokenizer Load(string path, ReadOnlySpan<byte> bytes, JsonRoles roles)
    {
        var file = SentencePieceFile.Read(path, bytes);
        var added = new List<AddedToken>();
        for (int id = 0; id < file.Kinds.Count; id++)
            if (file.Kinds[id] is TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined && Text(file, id) is { Length: > 0 } text)
                added.Add(new AddedToken(
                    id, text, Special: file.Kinds[id] != TokenKind.UserDefined, Normalized: file.Kinds[id] == TokenKind.UserDefined));
        var verbatim = added.Where(token => token.Special).Select(token => token.Id).ToHashSet();
        foreach (var token in roles.ExtraTokens(file.Pieces))
        {
            added.RemoveAll(other => other.Id == token.Id);
            added.Add(token);
            verbatim.Add(token.Id);
        }
        var vocabulary = file.Pieces.Build();
        var special = Special(file, roles, vocabulary);
        return new Tokenizer(new TokenizerParts
        {
            Vocabulary = vocabulary,
            AddedTokens = added,
            Verbatim = verbatim,
            Normalizer = Normalizer(file),
            Encoder = Encoder(file, vocabulary, special.Unknown),
            Decoders = SentencePieceParts.Decoders(file.AddDummyPrefix),
            Special = special,
            Prefix = special is { AddBos: true, Bos: { } bos } ? [bos] : [],
            Suffix = special is { AddEos: true, Eos: { } eos } ? [eos] : [],
        });
    }

    private static string Text(SentencePieceFile file, int id) => System.Text.Encoding.UTF8.GetString(file.Pieces.Spelling(id));

    private static SentencePieceNormalizer Normalizer(SentencePieceFile file)
    {
        PrecompiledNormalizer? rules = null;
        if (file.Rules.Length > 0)
            rules = PrecompiledNormalizer.Create(file.Rules, longest: true)
                ?? throw new ModelFileException(file.Path, "field 'normalizer_spec.precompiled_charsmap' is cut short");
        return new SentencePieceNormalizer(
            rules,
            file.RemoveExtraWhitespaces,
            prefix: file.AddDummyPrefix && !file.SpaceAsSuffix,
            suffix: file.AddDummyPrefix && file.SpaceAsSuffix,
            mark: file.EscapeWhitespaces);
    }

    private static Encoders.IPieceEncoder Encoder(SentencePieceFile file, Vocabulary vocabulary, int? unknown)
    {
        var scores = new float[vocabulary.Count];
        var kinds = new TokenKind[vocabulary.Count];
        Array.Fill(kinds, TokenKind.Control);
        for (int id = 0; id < file.Kinds.Count; id++)
            (scores[id], kinds[id]) = (file.Scores[id], file.Kinds[id]);
        if (file.IsBpe)
            return SentencePieceParts.Bpe(vocabulary, scores, id => kinds[id], unknown);
        for (int id = 0; id < kinds.Length; id++)
            if (vocabulary.Spelling(id).Length > UnigramPieceLimit)
                throw new ModelFileException(file.Path, $"piece {id} has {vocabulary.Spelling(id).Length} bytes; {UnigramPieceLimit} are supported");
        return SentencePieceParts.Unigram(vocabulary, scores, id => kinds[id], unknown, file.ByteFallback);
    }

    private static SpecialTokens Special(SentencePieceFile file, JsonRoles roles, Vocabulary vocabulary)
    {
        int? bos = roles.Named("bos_token", vocabulary) ?? Valid(file.Bos), eos = roles.Named("eos_token", vocabulary) ?? Valid(file.Eos);
        var ends = roles.EndIds();
        if (eos is { } end)
            ends.Add(end);
        return new SpecialTokens(
            bos,
            eos,
            Valid(file.Unknown),
            roles.Named("pad_token", vocabulary) ?? Valid(file.Pad),
            // Llama's kind begins texts, T5's kind ends them.
            AddBos: roles.Tokenizer?.Bool("add_bos_token") ?? file.IsBpe,
            AddEos: roles.Tokenizer?.Bool("add_eos_token") ?? !file.IsBpe,
            EndOfGeneration.Collect(vocabulary, ends, _ => true));

        int? Valid(int id) => id >= 0 && id < vocabulary.Count ? id : null;
    }
}
