using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>The messages of an OpenAI conversation. Fields beyond those checked here stay in the raw message, for templates that know them.</summary>
internal static class MessageFields
{
    public static IReadOnlyList<ChatMessage> Read(JsonFields fields)
    {
        fields.Require("messages");
        ChatMessage[] messages = [.. fields.Items("messages", "an array of messages")!.Select(message => ReadOne(message.Item, message.Path))];
        return messages.Length > 0
            ? messages
            : throw new InvalidRequestException("Invalid 'messages': expected at least one message.", "messages", "empty_array");
    }

    private static ChatMessage ReadOne(JsonElement value, string path)
    {
        var message = new JsonFields(value, path);
        string role = ReadRole(message);
        message.Text("name");
        if (role == "tool")
            message.RequireText("tool_call_id");
        bool calls = false;
        if (role == "assistant")
        {
            RefuseUnlessAbsent(message, "audio");
            RefuseUnlessAbsent(message, "function_call");
            calls = ToolFields.CheckCalls(message);
        }
        string? content = calls && message.Find("content") is null ? null : ReadContent(message, role == "assistant");
        return new ChatMessage(role, content, value);
    }

    private static string ReadRole(JsonFields message) => message.RequireText("role") switch
    {
        "system" or "developer" => "system",
        "user" => "user",
        "assistant" => "assistant",
        "tool" => "tool",
        _ => throw FieldError.WrongValue(message.Require("role"), message.PathOf("role"), "one of system, developer, user, assistant, tool"),
    };

    private static string ReadContent(JsonFields message, bool assistant)
    {
        if (message.Require("content") is { ValueKind: JsonValueKind.String } text)
            return text.GetString()!;
        string[] parts =
        [
            .. message.Items("content", "a string or an array of content parts")!.Select(part => ReadPart(new JsonFields(part.Item, part.Path), assistant)),
        ];
        string path = message.PathOf("content");
        return parts.Length > 0
            ? string.Join('\n', parts)
            : throw new InvalidRequestException($"Invalid '{path}': expected at least one content part.", path, "empty_array");
    }

    private static string ReadPart(JsonFields part, bool assistant) => part.RequireText("type") switch
    {
        "text" => part.RequireText("text"),
        "refusal" when assistant => part.RequireText("refusal"),
        "image_url" or "input_audio" or "file" => throw FieldError.Unsupported(part.PathOf("type"), "\"text\""),
        _ => throw FieldError.WrongValue(part.Require("type"), part.PathOf("type"), "\"text\""),
    };

    private static void RefuseUnlessAbsent(JsonFields message, string name)
    {
        if (message.Find(name) is not null)
            throw FieldError.Unsupported(message.PathOf(name), null);
    }
}
