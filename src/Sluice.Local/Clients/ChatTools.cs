using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Protocol.Requests;

namespace Sluice.Local.Clients;

/// <summary>An application's tools, in OpenAI's form, and what it says about calling them.</summary>
internal static class ChatTools
{
    /// <summary>The definitions; null where there are none.</summary>
    /// <exception cref="NotSupportedException">One is no function: it would have to run here.</exception>
    public static JsonElement? Of(IList<AITool>? tools)
    {
        if (tools is not { Count: > 0 })
            return null;
        var raw = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(raw))
        {
            json.WriteStartArray();
            foreach (var tool in tools)
            {
                Write(json, tool as AIFunctionDeclaration
                    ?? throw new NotSupportedException($"ChatOptions.Tools holds {tool.GetType().Name}; only functions are supported."));
            }
            json.WriteEndArray();
        }
        return JsonElement.Parse(raw.WrittenSpan);
    }

    /// <exception cref="NotSupportedException">It is of a kind that nobody knows.</exception>
    public static ToolChoice ChoiceOf(ChatToolMode? mode) => mode switch
    {
        null or AutoChatToolMode => ToolChoice.Auto,
        NoneChatToolMode => ToolChoice.None,
        RequiredChatToolMode { RequiredFunctionName: { } name } => ToolChoice.Only(name),
        RequiredChatToolMode => ToolChoice.Required,
        _ => throw new NotSupportedException($"ChatOptions.ToolMode is {mode.GetType().Name}, which is not supported; use Auto, None or Require."),
    };

    private static void Write(Utf8JsonWriter json, AIFunctionDeclaration function)
    {
        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", function.Name);
        json.WriteString("description", function.Description);
        json.WritePropertyName("parameters");
        function.JsonSchema.WriteTo(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
