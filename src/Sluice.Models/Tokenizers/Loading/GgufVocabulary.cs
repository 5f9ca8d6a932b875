using Sluice.Models.Files;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>The tokens of a GGUF file with their kinds and roles. What the file leaves open is settled as llama.cpp's loader does.</summary>
internal sealed class GgufVocabulary
{
    public const string Prefix = "tokenizer.ggml.";

    private static readonly string[] EndKeys =
        ["eos_token_id", "eot_token_id", "eom_token_id", "fim_pad_token_id", "fim_rep_token_id", "fim_sep_token_id"];

    private static readonly string[] ChannelNames = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"];

    private readonly GgufMetadata _metadata;
    private readonly TokenKind[] _kinds;

    public GgufVocabulary(GgufMetadata metadata)
    {
        _metadata = metadata;
        Tokens = ReadTokens(metadata);
        _kinds = ReadKinds(metadata, Tokens.Count);
        var named = new List<int>();
        foreach (string key in EndKeys)
            if (Id(key, null) is { } id)
                named.Add(id);
        Ends = EndOfGeneration.Collect(Tokens, named, _ => true);
        // Files often mark such tokens as plain ones.
        foreach (int id in Ends)
            if (EndOfGeneration.IsNamed(Tokens, id))
                _kinds[id] = TokenKind.Control;
        foreach (string name in ChannelNames)
            if (Tokens.Find(name) is var id and >= 0)
                _kinds[id] = TokenKind.UserDefined;
    }

    public Vocabulary Tokens { get; }

    /// <summary>Every token that ends an answer.</summary>
    public IReadOnlySet<int> Ends { get; }

    public TokenKind Kind(int id) => _kinds[id];

    /// <summary>Tokens whose spelling is their text: control tokens and those the user defined.</summary>
    public IReadOnlySet<int> Verbatim()
    {
        var ids = new HashSet<int>();
        for (int id = 0; id < _kinds.Length; id++)
            if (_kinds[id] is TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined)
                ids.Add(id);
        return ids;
    }

    /// <summary>A token named by a key; an id outside the vocabulary counts for nothing.</summary>
    public int? Id(string key, int? otherwise)
    {
        long id = _metadata.Integer(Prefix + key) ?? otherwise ?? -1;
        return id >= 0 && id < Tokens.Count ? (int)id : null;
    }

    public bool Bool(string key, bool otherwise) => _metadata.Bool(Prefix + key) ?? otherwise;

    /// <summary>Score of each token.</summary>
    public float[] Scores()
    {
        float[] scores = _metadata.RequireFloats(Prefix + "scores");
        return scores.Length >= Tokens.Count
            ? scores
            : throw _metadata.Fail(Prefix + "scores", $"has {scores.Length} entries for {Tokens.Count} tokens");
    }

    public SpecialTokens Special(int? bos, int? eos, int? unknown, bool addBos, bool addEos) => new(
        Id("bos_token_id", bos),
        Id("eos_token_id", eos),
        Id("unknown_token_id", unknown),
        Id("padding_token_id", null),
        Bool("add_bos_token", addBos),
        Bool("add_eos_token", addEos),
        Ends);

    /// <summary>Tokens to be recognised in a text.</summary>
    public IReadOnlyList<AddedToken> AddedTokens()
    {
        string name = (_metadata.String("general.name") ?? "").ToLowerInvariant(), pre = _metadata.String(Prefix + "pre") ?? "";
        string architecture = _metadata.String("general.architecture") ?? "";
        bool phi3 = name.Contains("phi-3", StringComparison.Ordinal) || name.Contains("phi3", StringComparison.Ordinal);
        bool mask = pre is "jina-v2-de" or "jina-v2-es" or "jina-v2-code" || architecture is "nomic-bert-moe" or "jina-bert-v3"
            || name.Contains("modern-bert", StringComparison.Ordinal);
        var tokens = new List<AddedToken>();
        foreach (int id in Verbatim())
            if (!Tokens.Spelling(id).IsEmpty)
                tokens.Add(Create(id));
        return tokens;

        AddedToken Create(int id)
        {
            string content = Tokens.Text(id);
            return new AddedToken(
                id,
                content,
                Special: _kinds[id] != TokenKind.UserDefined,
                StripLeft: mask && content is "<mask>" or "[MASK]",
                StripRight: phi3 && content is not ("<unk>" or "<s>" or "<|endoftext|>"));
        }
    }

    private static Vocabulary ReadTokens(GgufMetadata metadata)
    {
        var tokens = metadata.RequireStrings(Prefix + "tokens");
        if (tokens.Count > Vocabulary.Limit)
            throw metadata.Fail(Prefix + "tokens", $"has {tokens.Count} entries, more than any vocabulary");
        var builder = new VocabularyBuilder();
        for (int id = 0; id < tokens.Count; id++)
            builder.Add(id, tokens.Bytes(id));
        return builder.Build();
    }

    private static TokenKind[] ReadKinds(GgufMetadata metadata, int count)
    {
        int[]? numbers = metadata.Integers(Prefix + "token_type");
        if (numbers is not null && numbers.Length < count)
            throw metadata.Fail(Prefix + "token_type", $"has {numbers.Length} entries for {count} tokens");
        var kinds = new TokenKind[count];
        for (int id = 0; id < count; id++)
            kinds[id] = numbers is null ? TokenKind.Normal : (TokenKind)numbers[id];
        return kinds;
    }
}
