using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sluice.Models.Answers;

/// <summary>
/// A schema of arguments without room for arguments that it does not name. JSON Schema allows any where nothing is said, but no tool knows
/// them, and a model that is forced to call would fill them with whatever it would rather have said. What is valid by the closed schema is
/// valid by the open one.
/// </summary>
internal static class ClosedSchema
{
    private const string Properties = "properties", Items = "items";

    // An object that is put together from several schemas has properties that this one does not name.
    private static readonly string[] Open =
        ["additionalProperties", "unevaluatedProperties", "patternProperties", "allOf", "anyOf", "oneOf", "$ref", "if"];

    public static string Of(JsonElement schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            Write(json, schema);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        foreach (var member in schema.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            if (member.NameEquals(Items))
                Write(json, member.Value);
            else if (member.NameEquals(Properties) && member.Value.ValueKind == JsonValueKind.Object)
                WriteEach(json, member.Value);
            else
                member.Value.WriteTo(json);
        }
        bool isOpen = Open.Any(word => schema.TryGetProperty(word, out _));
        if (!isOpen && schema.TryGetProperty(Properties, out _))
            json.WriteBoolean("additionalProperties", false);
        json.WriteEndObject();
    }

    private static void WriteEach(Utf8JsonWriter json, JsonElement schemas)
    {
        json.WriteStartObject();
        foreach (var schema in schemas.EnumerateObject())
        {
            json.WritePropertyName(schema.Name);
            Write(json, schema.Value);
        }
        json.WriteEndObject();
    }
}
