using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>OpenAI's error object, the same in a body of its own and inside a stream.</summary>
public static class OpenAiErrors
{
    /// <summary>Writes <c>{"error":{"message","type","param","code"}}</c>.</summary>
    public static void WriteBody(ApiError fault, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, OpenAiJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, fault.Message);
        json.WriteString("type"u8, fault.Type);
        json.WriteString("param"u8, fault.Param);
        json.WriteString("code"u8, fault.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
