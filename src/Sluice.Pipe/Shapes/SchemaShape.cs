using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Pipe.Shapes;

/// <summary>Answers are JSON that follows a schema.</summary>
public sealed class SchemaShape : IShape
{
    private const string Fence = "```";

    // Part of what providers see; kept from the tool whose presets brought schemas here.
    private const string SchemaName = "fzp_output";

    private readonly JsonElement _schema;

    /// <exception cref="PipeException">It is no JSON schema.</exception>
    public SchemaShape(string schema)
    {
        try
        {
            _schema = JsonElement.Parse(schema);
        }
        catch (JsonException e)
        {
            throw new PipeException(PipeFault.Usage, $"the schema is not valid JSON: {e.Message}", e);
        }
        if (_schema.ValueKind != JsonValueKind.Object)
            throw new PipeException(PipeFault.Usage, "the schema is no JSON object");
    }

    /// <summary>Names of the members that the schema describes.</summary>
    public IReadOnlyList<string> Properties =>
        _schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object
            ? [.. properties.EnumerateObject().Select(property => property.Name)] : [];

    public bool IsJson => true;

    public void WriteFields(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("response_format"u8);
        writer.WriteString("type"u8, "json_schema"u8);
        writer.WriteStartObject("json_schema"u8);
        writer.WriteString("name"u8, SchemaName);
        writer.WriteBoolean("strict"u8, true);
        writer.WritePropertyName("schema"u8);
        _schema.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public string Fit(string answer, out string? problem)
    {
        string json = WithoutFence(answer);
        try
        {
            problem = SchemaCheck.Check(_schema, JsonElement.Parse(json));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            problem = $"not JSON that can be checked: {e.Message}";
        }
        return json;
    }

    public JsonObject ToSchema() => JsonNode.Parse(_schema.GetRawText())!.AsObject();

    /// <summary>Models like to put JSON between ``` lines.</summary>
    internal static string WithoutFence(string answer)
    {
        string text = answer.Trim();
        if (!text.StartsWith(Fence, StringComparison.Ordinal) || !text.EndsWith(Fence, StringComparison.Ordinal)
            || text.Length < 2 * Fence.Length)
            return text;
        int line = text.IndexOf('\n', StringComparison.Ordinal);
        return line < 0 ? text : text[(line + 1)..^Fence.Length].Trim();
    }
}
