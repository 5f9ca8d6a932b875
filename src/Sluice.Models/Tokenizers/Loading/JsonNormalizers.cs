using System.Text;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Normalizers;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads normalizer of a tokenizer.json.</summary>
internal static class JsonNormalizers
{
    private const string Known = "BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, Prepend, Replace, Sequence, Strip, StripAccents";

    public static INormalizer? Read(JsonFields? fields)
    {
        var parts = new List<INormalizer>();
        if (fields is not null)
            Add(fields, parts);
        return parts.Count switch
        {
            0 => null,
            1 => parts[0],
            _ => new SequenceNormalizer([.. parts]),
        };
    }

    private static void Add(JsonFields fields, List<INormalizer> parts)
    {
        string type = fields.RequireString("type");
        switch (type)
        {
            case "Sequence":
                foreach (var part in fields.Objects("normalizers") ?? [])
                    Add(part, parts);
                break;
            case "BertNormalizer":
                bool lowercase = fields.Bool("lowercase") ?? true;
                parts.AddRange(BertNormalizers.Create(
                    fields.Bool("clean_text") ?? true, fields.Bool("handle_chinese_chars") ?? true, fields.Bool("strip_accents") ?? lowercase, lowercase));
                break;
            default:
                parts.Add(Single(type, fields));
                break;
        }
    }

    private static INormalizer Single(string type, JsonFields fields) => type switch
    {
        "NFC" => new UnicodeNormalizer(compatible: false, compose: true),
        "NFD" => new UnicodeNormalizer(compatible: false, compose: false),
        "NFKC" => new UnicodeNormalizer(compatible: true, compose: true),
        "NFKD" => new UnicodeNormalizer(compatible: true, compose: false),
        "Lowercase" => new RuneNormalizer(RuneMaps.Lowercase),
        "StripAccents" => new RuneNormalizer(RuneMaps.DropMarks),
        "Nmt" => new RuneNormalizer(RuneMaps.Nmt),
        "ByteLevel" => new ByteLevelNormalizer(),
        "Strip" => new StripNormalizer(fields.Bool("strip_left") ?? true, fields.Bool("strip_right") ?? true),
        "Prepend" => new PrependNormalizer(Encoding.UTF8.GetBytes(fields.RequireString("prepend"))),
        "Replace" => Replace(fields),
        "Precompiled" => Precompiled(fields),
        _ => throw fields.Fail("type", $"is '{type}', which is no known normalizer; known are {Known}"),
    };

    private static INormalizer Replace(JsonFields fields)
    {
        byte[] replacement = Encoding.UTF8.GetBytes(fields.RequireString("content"));
        return JsonPatterns.Literal(fields) is { Length: > 0 } literal
            ? new ReplaceNormalizer(Encoding.UTF8.GetBytes(literal), replacement)
            : new PatternNormalizer(JsonPatterns.Read(fields), replacement);
    }

    private static PrecompiledNormalizer Precompiled(JsonFields fields)
    {
        string text = fields.RequireString("precompiled_charsmap");
        byte[] rules = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, rules, out int length))
            throw fields.Fail("precompiled_charsmap", "is not base64");
        return PrecompiledNormalizer.Create(rules.AsSpan(0, length), longest: false)
            ?? throw fields.Fail("precompiled_charsmap", "is cut short");
    }
}
