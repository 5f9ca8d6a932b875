using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Decoders;
using Sluice.Models.Tokenizers.Encoders;
using Sluice.Models.Tokenizers.Normalizers;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads the tokenizer.ggml.* keys of a GGUF file. Defaults are those of llama.cpp's loader, which the files are written for.</summary>
internal sealed class GgufTokenizer
{
    private const string Prefix = "tokenizer.ggml.";

    private readonly GgufMetadata _metadata;
    private readonly Vocabulary _vocabulary;
    private readonly GgufTokenKind[] _kinds;

    private GgufTokenizer(GgufMetadata metadata)
    {
        _metadata = metadata;
        _vocabulary = ReadVocabulary(metadata);
        _kinds = ReadKinds(metadata, _vocabulary.Count);
    }

    public static Tokenizer Load(GgufMetadata metadata)
    {
        string model = metadata.RequireString(Prefix + "model");
        return new Tokenizer(model switch
        {
            "gpt2" => new GgufTokenizer(metadata).ByteLevelBpe(),
            "llama" => new GgufTokenizer(metadata).SentencePieceBpe(),
            _ => throw metadata.Fail(Prefix + "model", $"is '{model}'; known are gpt2, llama"),
        });
    }

    private TokenizerParts ByteLevelBpe()
    {
        var pre = GgufPreTokenizers.Find(_metadata);
        var lines = _metadata.RequireStrings(Prefix + "merges");
        var merges = new MergeList();
        for (int i = 0; i < lines.Count; i++)
            if (!merges.TryAddLine(lines.Bytes(i), strict: false))
                throw _metadata.Fail(Prefix + "merges", $"has no pair in entry {i}");
        var table = MergeBuilder.BuildLenient(_vocabulary, merges);
        var options = new BpeOptions { ByteLevel = true, IgnoreMerges = pre.IgnoreMerges };
        return Common(Special(null, null, null, pre.AddBos, addEos: false)) with
        {
            PreTokenizers = pre.Create(),
            Encoder = new BpeEncoder<RankedMerges>(_vocabulary, new RankedMerges(table), options),
            Decoders = [new ByteLevelDecoder()],
        };
    }

    private TokenizerParts SentencePieceBpe()
    {
        bool prefixed = _metadata.Bool(Prefix + "add_space_prefix") ?? true;
        var special = Special(1, 2, 0, addBos: true, addEos: false);
        float[] scores = _metadata.RequireFloats(Prefix + "scores");
        if (scores.Length < _vocabulary.Count)
            throw _metadata.Fail(Prefix + "scores", $"has {scores.Length} entries for {_vocabulary.Count} tokens");
        var mark = new ReplaceNormalizer(" "u8.ToArray(), WordMark.Utf8.ToArray());
        var unmark = new ReplaceDecoder(WordMark.Utf8.ToArray(), " "u8.ToArray(), joined: false);
        return Common(special) with
        {
            Normalizer = prefixed ? new SequenceNormalizer([new PrependNormalizer(" "u8.ToArray()), mark]) : mark,
            Encoder = new BpeEncoder<ScoredMerges>(
                _vocabulary, ScoredMerges.Create(_vocabulary, scores), new BpeOptions { ByteFallback = true, Unknown = special.Unknown }),
            Decoders = [unmark, new ByteFallbackDecoder(), new StripDecoder(" "u8.ToArray(), prefixed ? 1 : 0, 0, joined: true)],
        };
    }

    /// <summary>What all kinds share. The encoder is still to come.</summary>
    private TokenizerParts Common(SpecialTokens special) => new()
    {
        Vocabulary = _vocabulary,
        Encoder = null!,
        Special = special,
        AddedTokens = [.. Ids(kind => kind is GgufTokenKind.Control or GgufTokenKind.Unknown or GgufTokenKind.UserDefined).Select(AddedToken)],
        Verbatim = Ids(kind => kind is GgufTokenKind.Control or GgufTokenKind.Unknown or GgufTokenKind.UserDefined).ToHashSet(),
        Prefix = special is { AddBos: true, Bos: { } bos } ? [bos] : [],
        Suffix = special is { AddEos: true, Eos: { } eos } ? [eos] : [],
    };

    private AddedToken AddedToken(int id) => new(id, _vocabulary.Text(id), Special: _kinds[id] != GgufTokenKind.UserDefined);

    private IEnumerable<int> Ids(Func<GgufTokenKind, bool> wanted) => Enumerable.Range(0, _kinds.Length).Where(id => wanted(_kinds[id]));

    private SpecialTokens Special(int? bos, int? eos, int? unknown, bool addBos, bool addEos)
    {
        int? eot = Id("eot_token_id", null), eom = Id("eom_token_id", null);
        eos = Id("eos_token_id", eos);
        return new SpecialTokens(
            Id("bos_token_id", bos),
            eos,
            Id("unknown_token_id", unknown),
            Id("padding_token_id", null),
            _metadata.Bool(Prefix + "add_bos_token") ?? addBos,
            _metadata.Bool(Prefix + "add_eos_token") ?? addEos,
            EndOfGeneration.Collect(_vocabulary, [eos, eot, eom], _ => true));
    }

    /// <summary>A token named by a key; as in llama.cpp an id outside the vocabulary counts for nothing.</summary>
    private int? Id(string key, int? otherwise)
    {
        long id = _metadata.Integer(Prefix + key) ?? otherwise ?? -1;
        return id >= 0 && id < _vocabulary.Count ? (int)id : null;
    }

    private static Vocabulary ReadVocabulary(GgufMetadata metadata)
    {
        var tokens = metadata.RequireStrings(Prefix + "tokens");
        if (tokens.Count > Vocabulary.Limit)
            throw metadata.Fail(Prefix + "tokens", $"has {tokens.Count} entries, more than any vocabulary");
        var builder = new VocabularyBuilder();
        for (int id = 0; id < tokens.Count; id++)
            builder.Add(id, tokens.Bytes(id));
        return builder.Build();
    }

    private static GgufTokenKind[] ReadKinds(GgufMetadata metadata, int count)
    {
        int[]? kinds = metadata.Integers(Prefix + "token_type");
        if (kinds is null)
            return new GgufTokenKind[count];
        return kinds.Length >= count
            ? [.. kinds.Take(count).Select(kind => (GgufTokenKind)kind)]
            : throw metadata.Fail(Prefix + "token_type", $"has {kinds.Length} entries for {count} tokens");
    }
}
