using System.Text.Json.Nodes;

namespace Sluice.Pipe.Shapes;

/// <summary>Fields as people name them, <c>name,age:int,tags:list</c>, and the schema of an object that has them all.</summary>
public sealed class FieldList
{
    public const string Form = "NAME[:TYPE],… with the types text, int, number, bool and list";

    private FieldList(IReadOnlyList<string> names, JsonObject schema)
    {
        Names = names;
        Schema = schema;
    }

    public IReadOnlyList<string> Names { get; }

    public JsonObject Schema { get; }

    /// <exception cref="PipeException">It is not of that form.</exception>
    public static FieldList Parse(string text)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (string field in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] parts = field.Split(':', StringSplitOptions.TrimEntries);
            JsonObject? type = parts.Length switch { 1 => Type("text"), 2 => Type(parts[1]), _ => null };
            if (type is null || parts[0].Length == 0)
                throw new PipeException(PipeFault.Usage, $"-f takes {Form}, not '{field}'");
            if (!properties.TryAdd(parts[0], type))
                throw new PipeException(PipeFault.Usage, $"-f names '{parts[0]}' twice");
            required.Add((JsonNode)JsonValue.Create(parts[0]));
        }
        return new FieldList([.. properties.Select(property => property.Key)], new JsonObject
        {
            ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false,
        });
    }

    private static JsonObject? Type(string name) => name switch
    {
        "text" or "string" or "str" => new JsonObject { ["type"] = "string" },
        "int" or "integer" => new JsonObject { ["type"] = "integer" },
        "number" or "float" => new JsonObject { ["type"] = "number" },
        "bool" or "boolean" => new JsonObject { ["type"] = "boolean" },
        "list" => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
        _ => null,
    };
}
