using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Message = Sluice.Protocol.Requests.ChatMessage;

namespace Sluice.Local.Clients;

/// <summary>Messages as an application hands them over, in OpenAI's form, which chat templates read.</summary>
internal static class ChatMessages
{
    private static readonly ChatRole[] Roles = [ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool];

    private static readonly JsonTypeInfo<IDictionary<string, object?>> Arguments =
        (JsonTypeInfo<IDictionary<string, object?>>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>));

    /// <summary>One message, or one for each result of a tool.</summary>
    /// <exception cref="NotSupportedException">It holds what no local model reads.</exception>
    public static IEnumerable<Message> Of(ChatMessage message)
    {
        if (!Roles.Contains(message.Role))
            throw new NotSupportedException($"A message has the role '{message.Role}'; known: {string.Join(", ", Roles)}.");
        if (message.Contents.FirstOrDefault(content => !Fits(message.Role, content)) is { } other)
            throw new NotSupportedException($"A message of the role '{message.Role}' holds {other.GetType().Name}, which is not supported there.");
        var results = message.Contents.OfType<FunctionResultContent>().ToArray();
        return results.Length > 0 ? results.Select(OfResult) : [OfText(message)];
    }

    /// <summary>Arguments that a model wrote; a fault of theirs is told where the call is used.</summary>
    public static FunctionCallContent CallOf(string id, string name, string arguments) =>
        FunctionCallContent.CreateFromParsedArguments(arguments, id, name, static json => JsonSerializer.Deserialize(json, Arguments));

    private static bool Fits(ChatRole role, AIContent content) => content switch
    {
        TextContent => true,
        FunctionResultContent => role == ChatRole.Tool,
        FunctionCallContent or TextReasoningContent => role == ChatRole.Assistant,
        _ => false,
    };

    private static Message OfText(ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>().ToArray();
        string reasoning = string.Concat(message.Contents.OfType<TextReasoningContent>().Select(content => content.Text));
        string? text = calls.Length > 0 && message.Text.Length == 0 ? null : message.Text;
        return Write(message.Role.Value, text, json =>
        {
            if (message.AuthorName is { } name)
                json.WriteString("name", name);
            if (reasoning.Length > 0)
                json.WriteString("reasoning_content", reasoning);
            if (calls.Length == 0)
                return;
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
                WriteCall(json, call);
            json.WriteEndArray();
        });
    }

    private static void WriteCall(Utf8JsonWriter json, FunctionCallContent call)
    {
        json.WriteStartObject();
        json.WriteString("id", call.CallId);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.Arguments is null ? "{}" : JsonSerializer.Serialize(call.Arguments, Arguments));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static Message OfResult(FunctionResultContent result)
    {
        string text = result.Result switch
        {
            null => result.Exception?.Message ?? "",
            string said => said,
            JsonElement { ValueKind: JsonValueKind.String } said => said.GetString()!,
            var value => JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object))),
        };
        return Write(ChatRole.Tool.Value, text, json => json.WriteString("tool_call_id", result.CallId));
    }

    private static Message Write(string role, string? text, Action<Utf8JsonWriter> rest)
    {
        var raw = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(raw))
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteString("content", text);
            rest(json);
            json.WriteEndObject();
        }
        return new Message(role, text, JsonElement.Parse(raw.WrittenSpan));
    }
}
