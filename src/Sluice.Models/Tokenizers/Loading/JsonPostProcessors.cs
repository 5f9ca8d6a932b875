using System.Text.Json;
using Sluice.Models.Files;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads from post_processor of a tokenizer.json what is put around a text.</summary>
internal sealed class JsonPostProcessors
{
    private const string Known = "BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing";

    private readonly List<int> _prefix = [];
    private readonly List<int> _suffix = [];
    private readonly int _vocabularySize;

    private JsonPostProcessors(int vocabularySize) => _vocabularySize = vocabularySize;

    public static (int[] Prefix, int[] Suffix) Read(JsonFields? fields, int vocabularySize)
    {
        var reader = new JsonPostProcessors(vocabularySize);
        if (fields is not null)
            reader.Add(fields);
        return ([.. reader._prefix], [.. reader._suffix]);
    }

    private void Add(JsonFields fields)
    {
        string type = fields.RequireString("type");
        switch (type)
        {
            case "Sequence":
                foreach (var part in fields.Objects("processors") ?? [])
                    Add(part);
                break;
            case "ByteLevel":
                // Trims offsets, which are not kept here.
                break;
            case "TemplateProcessing":
                AddTemplate(fields);
                break;
            case "BertProcessing" or "RobertaProcessing":
                _prefix.Insert(0, Token(fields, "cls"));
                _suffix.Add(Token(fields, "sep"));
                break;
            default:
                throw fields.Fail("type", $"is '{type}', which is no known post-processor; known are {Known}");
        }
    }

    private void AddTemplate(JsonFields fields)
    {
        var tokens = fields.Object("special_tokens");
        var before = new List<int>();
        var after = new List<int>();
        bool text = false;
        foreach (var piece in fields.Objects("single") ?? [])
        {
            if (piece.Object("SpecialToken") is { } special)
                (text ? after : before).AddRange(Ids(fields, tokens, special.RequireString("id")));
            else
                text |= piece.Contains("Sequence");
        }
        if (!text)
            throw fields.Fail("single", "has no place for the text");
        // A later processor puts its tokens around those of an earlier one.
        _prefix.InsertRange(0, before);
        _suffix.AddRange(after);
    }

    private int[] Ids(JsonFields fields, JsonFields? tokens, string name)
    {
        int[] ids = tokens?.Object(name)?.Integers("ids") ?? throw fields.Fail("single", $"names the special token '{name}', which special_tokens lacks");
        return ids.All(IsToken) ? ids : throw fields.Fail("special_tokens", $"gives '{name}' an id that is no token");
    }

    /// <summary>The id of a ["spelling", id] pair.</summary>
    private int Token(JsonFields fields, string name)
    {
        if (fields.Root.TryGetProperty(name, out var pair) && pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
            && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt32(out int id) && IsToken(id))
            return id;
        throw fields.Fail(name, "is not a pair of a token and its id");
    }

    private bool IsToken(int id) => id >= 0 && id < _vocabularySize;
}
