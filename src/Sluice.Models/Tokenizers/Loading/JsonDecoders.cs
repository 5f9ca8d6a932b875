using System.Text;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Decoders;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads decoder of a tokenizer.json.</summary>
internal sealed class JsonDecoders
{
    private const string Known = "BPEDecoder, ByteFallback, ByteLevel, CTC, Fuse, Metaspace, Replace, Sequence, Strip, WordPiece";

    // Each mark of a decoder's work costs a stage for every stream.
    private const int StripLimit = 1024;

    private readonly List<IDecoder> _decoders = [];
    private bool _fused;

    public static IReadOnlyList<IDecoder> Read(JsonFields? fields)
    {
        if (fields is null)
            return [new JoinDecoder()];
        var reader = new JsonDecoders();
        reader.Add(fields);
        return reader._decoders;
    }

    private void Add(JsonFields fields)
    {
        string type = fields.RequireString("type");
        switch (type)
        {
            case "Sequence":
                foreach (var part in fields.Objects("decoders") ?? [])
                    Add(part);
                break;
            case "Fuse":
                _fused = true;
                break;
            default:
                _decoders.Add(Single(type, fields));
                // Bytes join to text only all together.
                _fused |= type == "ByteLevel";
                break;
        }
    }

    private IDecoder Single(string type, JsonFields fields) => type switch
    {
        "ByteLevel" => new ByteLevelDecoder(),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Replace" => Replace(fields),
        "Strip" => new StripDecoder(Encoding.UTF8.GetBytes(Character(fields, "content")), Count(fields, "start"), Count(fields, "stop"), _fused),
        "Metaspace" => new MetaspaceDecoder(Encoding.UTF8.GetBytes(Character(fields, "replacement")), IsPrefixed(fields)),
        "WordPiece" => new WordPieceDecoder(fields.String("prefix") ?? "##", fields.Bool("cleanup") ?? true),
        "BPEDecoder" => new WordSuffixDecoder(Filled(fields, "suffix", "</w>")),
        "CTC" => new CtcDecoder(
            fields.String("pad_token") ?? "<pad>", fields.String("word_delimiter_token") ?? "|", fields.Bool("cleanup") ?? true),
        _ => throw fields.Fail("type", $"is '{type}', which is no known decoder; known are {Known}"),
    };

    private IDecoder Replace(JsonFields fields)
    {
        byte[] replacement = Encoding.UTF8.GetBytes(fields.RequireString("content"));
        return JsonPatterns.Literal(fields) is { Length: > 0 } literal
            ? new ReplaceDecoder(Encoding.UTF8.GetBytes(literal), replacement, _fused)
            : new PatternReplaceDecoder(JsonPatterns.Read(fields), replacement, _fused);
    }

    private static bool IsPrefixed(JsonFields fields) =>
        fields.String("prepend_scheme") is { } scheme ? scheme != "never" : fields.Bool("add_prefix_space") ?? true;

    private static int Count(JsonFields fields, string name) =>
        fields.RequireInteger(name) is var count and >= 0 and <= StripLimit ? (int)count : throw fields.Fail(name, $"is not between 0 and {StripLimit}");

    private static string Character(JsonFields fields, string name)
    {
        string text = fields.RequireString(name);
        return text.EnumerateRunes().Count() == 1 ? text : throw fields.Fail(name, $"is '{text}', expected one character");
    }

    private static string Filled(JsonFields fields, string name, string otherwise) =>
        (fields.String(name) ?? otherwise) is { Length: > 0 } text ? text : throw fields.Fail(name, "is empty");
}
