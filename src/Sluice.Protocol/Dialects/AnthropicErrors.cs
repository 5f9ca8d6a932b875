using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>Anthropic's error object, the same in a body of its own and inside a stream.</summary>
internal static class AnthropicErrors
{
    /// <summary>Writes <c>{"type":"error","error":{"type","message"}}</c>.</summary>
    public static void WriteBody(ApiError fault, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, OpenAiJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, TypeOf(fault.Status));
        json.WriteString("message"u8, fault.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteStreamError(ApiError fault, IBufferWriter<byte> output)
    {
        output.Write("event: error\ndata: "u8);
        WriteBody(fault, output);
        output.Write("\n\n"u8);
    }

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
