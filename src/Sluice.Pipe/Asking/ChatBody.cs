using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Pipe.Shapes;

namespace Sluice.Pipe.Asking;

/// <summary>Writes a prompt as the request a client of the server would send: one way into a source, wherever that source is.</summary>
internal static class ChatBody
{
    // A text written whole would reserve three bytes for each of its characters.
    private const int PieceCharacters = 1024;
    private const int SpareBytes = 8192;
    private const int FieldBytes = 256;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="system">Null for a conversation of one message.</param>
    public static ReadOnlyMemory<byte> Write(AskSettings settings, IShape? shape, string? system, string user)
    {
        int length = user.Length + (system?.Length ?? 0);
        var body = new ArrayBufferWriter<byte>(length + Math.Min(3 * length, SpareBytes) + FieldBytes);
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

    /// <summary>The same question with an answer that comes in pieces. It is no other question: its key is that of the body.</summary>
    public static ReadOnlyMemory<byte> AsStream(ReadOnlyMemory<byte> body) => (byte[])[.. "{\"stream\":true,"u8, .. body.Span[1..]];

    private static void WriteMessage(Utf8JsonWriter writer, string role, string content)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, role);
        writer.WritePropertyName("content"u8);
        ReadOnlySpan<char> rest = content;
        for (; rest.Length > PieceCharacters; rest = rest[PieceCharacters..])
            writer.WriteStringValueSegment(rest[..PieceCharacters], isFinalSegment: false);
        writer.WriteStringValueSegment(rest, isFinalSegment: true);
        writer.WriteEndObject();
    }
}
