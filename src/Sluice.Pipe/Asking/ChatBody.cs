using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Pipe.Shapes;

namespace Sluice.Pipe.Asking;

/// <summary>Writes a prompt as the request a client of the server would send: one way into a source, wherever that source is.</summary>
internal static class ChatBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="system">Null for a conversation of one message.</param>
    public static ReadOnlyMemory<byte> Write(AskSettings settings, IShape? shape, string? system, string user)
    {
        var body = new ArrayBufferWriter<byte>(user.Length + (system?.Length ?? 0) + 256);
        using var writer = new Utf8JsonWriter(body, Options);
        writer.WriteStartObject();
        writer.WriteString("model"u8, settings.Model);
        writer.WriteStartArray("messages"u8);
        if (system is not null)
            WriteMessage(writer, "system", system);
        WriteMessage(writer, "user", user);
        writer.WriteEndArray();
        writer.WriteNumber("temperature"u8, settings.Temperature);
        if (settings.MaxTokens is { } most)
            writer.WriteNumber("max_tokens"u8, most);
        if (settings.Seed is { } seed)
            writer.WriteNumber("seed"u8, seed);
        shape?.WriteFields(writer);
        if (shape is not null && settings.RequireParameters)
        {
            writer.WriteStartObject("provider"u8);
            writer.WriteBoolean("require_parameters"u8, true);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.Flush();
        return body.WrittenMemory;
    }

    private static void WriteMessage(Utf8JsonWriter writer, string role, string content)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, role);
        writer.WriteString("content"u8, content);
        writer.WriteEndObject();
    }
}
