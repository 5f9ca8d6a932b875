using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Sources;

/// <summary>Pieces that the languages of sources share.</summary>
internal static class WireJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Utf8JsonWriter Open(IBufferWriter<byte> output) => new(output, Options);

    public static void WriteOptional(Utf8JsonWriter json, string name, float? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    public static void WriteOptional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    public static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>Ends a turn of a conversation, which is an object whose last field is the list of its parts.</summary>
    /// <param name="open">Whose turn it is; null where none was begun.</param>
    public static void CloseTurn(Utf8JsonWriter json, string? open)
    {
        if (open is null)
            return;
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static string? Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    /// <summary>The items of an array; none where there is no such array.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray() : [];

    /// <summary>A field that is an object; undefined where there is none.</summary>
    public static JsonElement Object(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object
            ? value : default;

    /// <summary>The arguments of a call, which OpenAI writes as text and all others as an object.</summary>
    /// <exception cref="InvalidRequestException">The text is no JSON object.</exception>
    public static void WriteArguments(Utf8JsonWriter json, string arguments)
    {
        try
        {
            JsonElement value = JsonElement.Parse(arguments.Length == 0 ? "{}" : arguments);
            if (value.ValueKind == JsonValueKind.Object)
            {
                value.WriteTo(json);
                return;
            }
        }
        catch (JsonException)
        {
            // said below, as for every other value
        }
        throw new InvalidRequestException("The arguments of a tool call in 'messages' must be the text of a JSON object.", "messages", "invalid_value");
    }
}
