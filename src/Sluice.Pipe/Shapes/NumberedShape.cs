using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Pipe.Shapes;

/// <summary>
/// Answers about several records in one: a JSON object whose members "1", "2", … are theirs in order. JSON, because an answer may hold
/// any text, line ends and numbers included.
/// </summary>
internal sealed class NumberedShape
{
    private readonly IShape? _each;
    private readonly int _count;
    private readonly SchemaShape _whole;

    /// <param name="each">What each answer has to look like; null for any text. One that has a schema.</param>
    public NumberedShape(IShape? each, int count)
    {
        _each = each;
        _count = count;
        _whole = new SchemaShape(Schema().ToJsonString());
    }

    /// <summary>The name of a record's member, from 0.</summary>
    public static string NameOf(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);

    public IShape AsShape() => _whole;

    /// <summary>
    /// The answers in order, null for each that is not of its shape; or null where the text is not one of exactly these members, for then
    /// nobody knows which answer is whose.
    /// </summary>
    public IReadOnlyList<string?>? Split(string answer)
    {
        try
        {
            JsonElement whole = JsonElement.Parse(SchemaShape.WithoutFence(answer));
            if (whole.ValueKind != JsonValueKind.Object || whole.GetPropertyCount() != _count)
                return null;
            var answers = new string?[_count];
            for (int i = 0; i < _count; i++)
            {
                if (!whole.TryGetProperty(NameOf(i), out JsonElement one))
                    return null;
                answers[i] = Fit(one);
            }
            return answers;
        }
        catch (JsonException)
        {
            return null; // each is asked alone
        }
    }

    private string? Fit(JsonElement one)
    {
        bool isText = one.ValueKind == JsonValueKind.String && _each is not { IsJson: true };
        string text = isText ? one.GetString()! : one.GetRawText();
        if (_each is null)
            return text.Trim();
        string fitted = _each.Fit(text, out string? problem);
        return problem is null ? fitted : null;
    }

    private JsonObject Schema()
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        for (int i = 0; i < _count; i++)
        {
            JsonObject schema = _each?.ToSchema() ?? new JsonObject { ["type"] = "string" };
            Move(schema, $"#/properties/{NameOf(i)}");
            properties.Add(NameOf(i), schema);
            required.Add((JsonNode)JsonValue.Create(NameOf(i)));
        }
        return new JsonObject
        {
            ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false,
        };
    }

    /// <summary>A schema that refers to its own root stands elsewhere now.</summary>
    private static void Move(JsonNode? schema, string root)
    {
        if (schema is JsonArray array)
        {
            foreach (JsonNode? one in array)
                Move(one, root);
        }
        if (schema is not JsonObject members)
            return;
        if (members["$ref"] is JsonValue reference && reference.TryGetValue(out string? to) && to.StartsWith('#'))
            members["$ref"] = root + to[1..];
        foreach (var (_, one) in members)
            Move(one, root);
    }
}
