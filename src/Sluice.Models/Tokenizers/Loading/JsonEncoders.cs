using System.Text;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Encoders;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads model of a tokenizer.json.</summary>
internal static class JsonEncoders
{
    private const int AffixLimit = 64;
    private const int WordLimit = 10_000;
    private const int UnigramPieceLimit = 1024;

    public static IPieceEncoder Read(JsonFields model, JsonBulk bulk, Vocabulary vocabulary, bool byteLevel)
    {
        string type = model.String("type") ?? Guess(model, bulk);
        return type switch
        {
            "BPE" => Bpe(model, bulk, vocabulary, byteLevel),
            "Unigram" => Unigram(model, bulk, vocabulary),
            "WordPiece" => WordPiece(model, vocabulary),
            "WordLevel" => new WordLevelEncoder(vocabulary, OptionalToken(model, "unk_token", vocabulary)),
            _ => throw model.Fail("type", $"is '{type}', which is no known model; known are BPE, Unigram, WordLevel, WordPiece"),
        };
    }

    /// <summary>Files of the first years say no type; their fields tell.</summary>
    private static string Guess(JsonFields model, JsonBulk bulk) =>
        bulk.Merges is not null ? "BPE" : bulk.Scores is not null ? "Unigram" : model.Contains("max_input_chars_per_word") ? "WordPiece" : "WordLevel";

    private static BpeEncoder<RankedMerges> Bpe(JsonFields model, JsonBulk bulk, Vocabulary vocabulary, bool byteLevel)
    {
        var options = new BpeOptions
        {
            ByteLevel = byteLevel,
            ByteFallback = model.Bool("byte_fallback") ?? false,
            Unknown = OptionalToken(model, "unk_token", vocabulary),
            FuseUnknown = model.Bool("fuse_unk") ?? false,
            IgnoreMerges = model.Bool("ignore_merges") ?? false,
            ContinuingPrefix = Affix(model, "continuing_subword_prefix"),
            EndSuffix = Affix(model, "end_of_word_suffix"),
        };
        int prefixLength = Encoding.UTF8.GetByteCount(options.ContinuingPrefix);
        var merges = MergeBuilder.BuildStrict(model.Path, vocabulary, bulk.Merges ?? new MergeList(), prefixLength);
        return new BpeEncoder<RankedMerges>(vocabulary, new RankedMerges(merges), options);
    }

    private static UnigramEncoder Unigram(JsonFields model, JsonBulk bulk, Vocabulary vocabulary)
    {
        var scores = bulk.Scores ?? throw model.Fail("vocab", "is no list of tokens with scores");
        for (int id = 0; id < scores.Count; id++)
            if (vocabulary.Spelling(id).Length > UnigramPieceLimit)
                throw model.Fail("vocab", $"has a piece of {vocabulary.Spelling(id).Length} bytes in entry {id}; {UnigramPieceLimit} are supported");
        int? unknown = model.Integer("unk_id") switch
        {
            null => null,
            >= 0 and var id when id < scores.Count => (int)id,
            _ => throw model.Fail("unk_id", "is no token"),
        };
        return new UnigramEncoder(
            vocabulary, [.. scores], Enumerable.Range(0, scores.Count), scores.DefaultIfEmpty(0).Min(), unknown, model.Bool("byte_fallback") ?? false);
    }

    private static WordPieceEncoder WordPiece(JsonFields model, Vocabulary vocabulary)
    {
        string spelling = model.String("unk_token") ?? "[UNK]";
        int unknown = vocabulary.Find(spelling) is var id and >= 0 ? id : throw model.Fail("unk_token", $"is '{spelling}', which is no token");
        long limit = model.Integer("max_input_chars_per_word") ?? 100;
        if (limit is < 0 or > WordLimit)
            throw model.Fail("max_input_chars_per_word", $"is {limit}; 0 to {WordLimit} are supported");
        string prefix = model.Contains("continuing_subword_prefix") ? Affix(model, "continuing_subword_prefix") : "##";
        return new WordPieceEncoder(vocabulary, [], Encoding.UTF8.GetBytes(prefix), unknown, (int)limit);
    }

    private static int? OptionalToken(JsonFields model, string field, Vocabulary vocabulary)
    {
        if (model.String(field) is not { } spelling)
            return null;
        return vocabulary.Find(spelling) is var id and >= 0 ? id : throw model.Fail(field, $"is '{spelling}', which is no token");
    }

    private static string Affix(JsonFields model, string field)
    {
        string affix = model.String(field) ?? "";
        return affix.Length <= AffixLimit ? affix : throw model.Fail(field, $"is longer than {AffixLimit} characters");
    }
}
