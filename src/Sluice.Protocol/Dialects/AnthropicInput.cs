using System.Text.Json;

namespace Sluice.Protocol.Dialects;

/// <summary>The arguments of a call as Anthropic's clients want them: an object.</summary>
internal static class AnthropicInput
{
    /// <summary>A model can write what is no object; a client then finds its text under <c>raw</c>, where a fault would lose the answer.</summary>
    public static void Write(Utf8JsonWriter json, string arguments)
    {
        if (TryParse(arguments, out JsonElement value))
        {
            value.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        if (arguments.Length > 0)
            json.WriteString("raw"u8, arguments);
        json.WriteEndObject();
    }

    private static bool TryParse(string arguments, out JsonElement value)
    {
        try
        {
            value = JsonElement.Parse(arguments);
            return value.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }
}
