using System.Text;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Encoders;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads model of a tokenizer.json.</summary>
internal static class JsonEncoders
{
    private const int AffixLimit = 64;

    public static IPieceEncoder Read(JsonFields model, JsonBulk bulk, Vocabulary vocabulary, bool byteLevel)
    {
        string type = model.String("type") ?? "BPE";
        return type switch
        {
            "BPE" => Bpe(model, bulk, vocabulary, byteLevel),
            _ => throw model.Fail("type", $"is '{type}'; known are BPE"),
        };
    }

    private static BpeEncoder<RankedMerges> Bpe(JsonFields model, JsonBulk bulk, Vocabulary vocabulary, bool byteLevel)
    {
        var options = new BpeOptions
        {
            ByteLevel = byteLevel,
            ByteFallback = model.Bool("byte_fallback") ?? false,
            Unknown = model.String("unk_token") is { } unknown ? Token(model, "unk_token", unknown, vocabulary) : null,
            FuseUnknown = model.Bool("fuse_unk") ?? false,
            IgnoreMerges = model.Bool("ignore_merges") ?? false,
            ContinuingPrefix = Affix(model, "continuing_subword_prefix"),
            EndSuffix = Affix(model, "end_of_word_suffix"),
        };
        int prefixLength = Encoding.UTF8.GetByteCount(options.ContinuingPrefix);
        var merges = MergeBuilder.BuildStrict(model.Path, vocabulary, bulk.Merges ?? new MergeList(), prefixLength);
        return new BpeEncoder<RankedMerges>(vocabulary, new RankedMerges(merges), options);
    }

    private static int Token(JsonFields model, string field, string spelling, Vocabulary vocabulary) =>
        vocabulary.Find(spelling) is var id and >= 0 ? id : throw model.Fail(field, $"is '{spelling}', which is no token");

    private static string Affix(JsonFields model, string field)
    {
        string affix = model.String(field) ?? "";
        return affix.Length <= AffixLimit ? affix : throw model.Fail(field, $"is longer than {AffixLimit} characters");
    }
}
