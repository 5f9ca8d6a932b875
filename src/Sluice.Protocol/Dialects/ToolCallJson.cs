using System.Text.Json;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>Calls of tools in OpenAI's two forms: whole, and in pieces that a client puts together by their index.</summary>
internal static class ToolCallJson
{
    public static void WriteWhole(Utf8JsonWriter json, IReadOnlyList<FoldedToolCall> calls)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void WriteDeltas(Utf8JsonWriter json, IReadOnlyList<ToolCallDelta> deltas)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var delta in deltas)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, delta.Index);
            if (delta.Id is not null)
            {
                json.WriteString("id"u8, delta.Id);
                json.WriteString("type"u8, "function"u8);
            }
            json.WriteStartObject("function"u8);
            if (delta.Name is not null)
                json.WriteString("name"u8, delta.Name);
            json.WriteString("arguments"u8, delta.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
