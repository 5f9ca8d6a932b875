using System.Text;
using System.Text.Json;

namespace Sluice.Models.Answers.Reading;

/// <summary>
/// What a JSON schema says about the kind of a value, for forms that write values without quotes: whether 42 is a number or a text only
/// the schema knows.
/// </summary>
/// <param name="Schema">Undefined where nothing is known.</param>
internal readonly record struct ArgumentSchema(JsonElement Schema)
{
    private static readonly string[] ChoiceWords = ["anyOf", "oneOf", "allOf"];

    // A schema nests as deep as the client likes, but an answer's values do not.
    private const int MaxDepth = 16;

    /// <summary>Whether anything is said about the kind.</summary>
    public bool IsKnown => Kinds(Schema, 0).Any();

    /// <summary>Whether it is a text whatever it looks like.</summary>
    public bool IsText => Allows("string") && !Allows("null");

    /// <summary>Whether it may be a kind: string, null, array, object, …; if nothing is known it may not.</summary>
    public bool Allows(string kind) => Kinds(Schema, 0).Contains(kind);

    public ArgumentSchema Property(string key) => new(Find(Schema, key, 0));

    public ArgumentSchema Items() => new(Find(Schema, null, 0));

    /// <summary>A member of an object; null where it is none or has none.</summary>
    public static JsonElement? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : null;

    /// <summary>The value as JSON that a model wrote without quotes.</summary>
    public string ToJson(string value)
    {
        if (Allows("string") && !(value == "null" && Allows("null")))
            return Quoted(value);
        return IsKnown || !value.AsSpan().TrimStart().StartsWith("\"", StringComparison.Ordinal) ? AsJson(value) : Quoted(value);
    }

    /// <summary>The value as it stands where it is JSON or one of Python's words, a text otherwise.</summary>
    public static string AsJson(string value)
    {
        string json = value.Trim() switch { "True" => "true", "False" => "false", "None" => "null", var other => other };
        try
        {
            using var _ = JsonDocument.Parse(json);
            return json;
        }
        catch (JsonException)
        {
            return Quoted(value);
        }
    }

    private static string Quoted(string value)
    {
        var json = new StringBuilder();
        JsonEscape.Write(value, c => json.Append(c));
        return json.ToString();
    }

    private static IEnumerable<string> Kinds(JsonElement schema, int depth)
    {
        if (depth > MaxDepth)
            return [];
        if (Member(schema, "type") is { } type)
        {
            return type.ValueKind == JsonValueKind.Array
                ? type.EnumerateArray().Where(kind => kind.ValueKind == JsonValueKind.String).Select(kind => kind.GetString()!)
                : type.ValueKind == JsonValueKind.String ? [type.GetString()!] : [];
        }
        if (Member(schema, "const") is { } constant)
            return [KindOf(constant)];
        if (Member(schema, "enum") is { ValueKind: JsonValueKind.Array } values)
            return values.EnumerateArray().Select(KindOf);
        return Choices(schema).SelectMany(choice => Kinds(choice, depth + 1));
    }

    /// <summary>The schema of a member, or of items where there is no key.</summary>
    private static JsonElement Find(JsonElement schema, string? key, int depth)
    {
        if (depth > MaxDepth)
            return default;
        var found = key is null ? Member(schema, "items")
            : Member(schema, "properties") is { } properties ? Member(properties, key)
            : null;
        return found ?? Choices(schema)
            .Select(choice => Find(choice, key, depth + 1)).FirstOrDefault(choice => choice.ValueKind != JsonValueKind.Undefined);
    }

    private static IEnumerable<JsonElement> Choices(JsonElement schema) =>
        ChoiceWords
            .Select(word => Member(schema, word))
            .Where(list => list is { ValueKind: JsonValueKind.Array })
            .SelectMany(list => list!.Value.EnumerateArray());

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "number",
    };
}
