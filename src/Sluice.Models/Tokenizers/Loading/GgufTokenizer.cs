using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Decoders;
using Sluice.Models.Tokenizers.Encoders;
using Sluice.Models.Tokenizers.Normalizers;
using Sluice.Models.Tokenizers.Patterns;
using Sluice.Models.Tokenizers.PreTokenizers;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads the tokenizer.ggml.* keys of a GGUF file. Defaults are those of llama.cpp's loader, which the files are written for.</summary>
internal sealed class GgufTokenizer
{
    private const string Prefix = GgufVocabulary.Prefix;

    // BERT's own limit, which its GGUF files do not carry.
    private const int WordPieceLimit = 100;

    private readonly GgufMetadata _metadata;
    private readonly GgufVocabulary _vocabulary;

    private GgufTokenizer(GgufMetadata metadata)
    {
        _metadata = metadata;
        _vocabulary = new GgufVocabulary(metadata);
    }

    public static Tokenizer Load(GgufMetadata metadata)
    {
        string model = metadata.RequireString(Prefix + "model");
        return new Tokenizer(model switch
        {
            "gpt2" or "gemma4" or "whitespace" => new GgufTokenizer(metadata).Bpe(),
            "llama" => new GgufTokenizer(metadata).SentencePieceBpe(),
            "t5" => new GgufTokenizer(metadata).Unigram(),
            "bert" => new GgufTokenizer(metadata).WordPiece(),
            _ => throw metadata.Fail(Prefix + "model", $"is '{model}', which is no known model; known are bert, gemma4, gpt2, llama, t5, whitespace"),
        });
    }

    private TokenizerParts Bpe()
    {
        var pre = GgufPreTokenizers.Find(_metadata);
        var merges = new MergeList();
        var lines = _metadata.RequireStrings(Prefix + "merges");
        for (int i = 0; i < lines.Count; i++)
            if (!merges.TryAddLine(lines.Bytes(i), strict: false))
                throw _metadata.Fail(Prefix + "merges", $"has no pair in entry {i}");
        var tokens = _vocabulary.Tokens;
        var options = new BpeOptions
        {
            ByteLevel = pre.Spelling == GgufSpelling.Bytes,
            ByteFallback = pre.Spelling != GgufSpelling.Bytes,
            IgnoreMerges = pre.IgnoreMerges,
            IgnoreMergesOfLineFeeds = pre.Spelling == GgufSpelling.Marks,
        };
        var encoder = new BpeEncoder<RankedMerges>(tokens, new RankedMerges(MergeBuilder.BuildLenient(tokens, merges)), options);
        return Common(_vocabulary.Special(null, null, null, pre.AddBos, addEos: false), encoder) with
        {
            Normalizer = Normalizer(pre),
            PreTokenizers = [.. pre.Patterns.Select(pattern => Split(pattern, pre.DropRest))],
            Decoders = pre.Spelling == GgufSpelling.Bytes ? [new ByteLevelDecoder()] : SentencePieceParts.Decoders(prefixed: false),
        };
    }

    private static SplitPreTokenizer Split(string pattern, bool dropRest) =>
        new(Pattern.Parse(pattern), dropRest ? SplitBehavior.Removed : SplitBehavior.Isolated, invert: dropRest);

    private INormalizer? Normalizer(GgufPreTokenizer pre)
    {
        if (pre.Spelling == GgufSpelling.Marks)
            return Marks();
        if (pre.Spelling == GgufSpelling.Characters && _vocabulary.Bool("normalizer.lowercase", false))
            return new RuneNormalizer(RuneMaps.Lowercase);
        return GgufPreTokenizers.IsComposed(_metadata) ? new UnicodeNormalizer(compatible: false, compose: true) : null;
    }

    private TokenizerParts SentencePieceBpe()
    {
        bool prefixed = _vocabulary.Bool("add_space_prefix", true);
        var special = _vocabulary.Special(1, 2, 0, addBos: true, addEos: false);
        var encoder = SentencePieceParts.Bpe(_vocabulary.Tokens, _vocabulary.Scores(), _vocabulary.Kind, special.Unknown);
        return Common(special, encoder) with
        {
            Normalizer = prefixed ? new SequenceNormalizer([new PrependNormalizer(" "u8.ToArray()), Marks()]) : Marks(),
            Decoders = SentencePieceParts.Decoders(prefixed),
        };
    }

    private TokenizerParts Unigram()
    {
        bool prefixed = _vocabulary.Bool("add_space_prefix", true);
        var special = _vocabulary.Special(null, 1, 2, addBos: false, addEos: true);
        var encoder = SentencePieceParts.Unigram(_vocabulary.Tokens, _vocabulary.Scores(), _vocabulary.Kind, special.Unknown, byteFallback: false);
        return Common(special, encoder) with
        {
            Normalizer = new SentencePieceNormalizer(
                Rules(), _vocabulary.Bool("remove_extra_whitespaces", false), prefixed, suffix: false, mark: true),
            Decoders = SentencePieceParts.Decoders(prefixed),
        };
    }

    private PrecompiledNormalizer? Rules()
    {
        const string Key = Prefix + "precompiled_charsmap";
        if (_metadata.Integers(Key) is not { Length: > 0 } rules)
            return null;
        return PrecompiledNormalizer.Create(Array.ConvertAll(rules, value => unchecked((byte)value)), longest: true)
            ?? throw _metadata.Fail(Key, "is cut short");
    }

    private TokenizerParts WordPiece()
    {
        int first = _vocabulary.Id("bos_token_id", null) ?? _vocabulary.Id("cls_token_id", 101) ?? throw Missing("cls_token_id");
        int last = _vocabulary.Id("seperator_token_id", 102) ?? throw Missing("seperator_token_id");
        int unknown = _vocabulary.Id("unknown_token_id", 100) ?? throw Missing("unknown_token_id");
        bool lowercase = _vocabulary.Bool("normalizer.lowercase", true);
        var special = _vocabulary.Special(first, last, unknown, addBos: true, addEos: true) with { Bos = first, Eos = last };
        return Common(special, new WordPieceEncoder(_vocabulary.Tokens, WordMark.Utf8, [], unknown, WordPieceLimit)) with
        {
            Normalizer = new SequenceNormalizer([.. BertNormalizers.Create(true, true, _vocabulary.Bool("normalizer.strip_accents", lowercase), lowercase)]),
            PreTokenizers = [Split(WellKnownPatterns.NotSpace, dropRest: true), Split(WellKnownPatterns.Punctuation, dropRest: false)],
            Prefix = [first],
            Suffix = [last],
            Decoders = [new ReplaceDecoder(WordMark.Utf8.ToArray(), " "u8.ToArray(), joined: false), new SpaceCleaner()],
        };
    }

    private TokenizerParts Common(SpecialTokens special, IPieceEncoder encoder) => new()
    {
        Vocabulary = _vocabulary.Tokens,
        Encoder = encoder,
        Special = special,
        AddedTokens = _vocabulary.AddedTokens(),
        Verbatim = _vocabulary.Verbatim(),
        Prefix = special is { AddBos: true, Bos: { } bos } ? [bos] : [],
        Suffix = special is { AddEos: true, Eos: { } eos } ? [eos] : [],
    };

    private static ReplaceNormalizer Marks() => new(" "u8.ToArray(), WordMark.Utf8.ToArray());

    private Core.Errors.ModelFileException Missing(string key) =>
        new(_metadata.Path, $"missing key '{Prefix}{key}', without which a WordPiece vocabulary cannot be used");
}
