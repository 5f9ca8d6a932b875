using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// The messages of an OpenAI conversation. Fields beyond those checked here stay in the raw message, for templates that know them.
/// </summary>
internal static class MessageFields
{
    private const string Roles = "one of system, developer, user, assistant, tool";

    public static IReadOnlyList<ChatMessage> Read(JsonFields fields)
    {
        fields.Require("messages");
        var items = fields.Items("messages", "an array of messages")!;
        ChatMessage[] messages = [.. items.Select(message => ReadOne(message.Item, message.Path))];
        return messages.Length > 0 ? messages : throw FieldError.Empty("messages", "message");
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
        _ => throw FieldError.WrongValue(message.Require("role"), message.PathOf("role"), Roles),
    };

    private static string ReadContent(JsonFields message, bool assistant)
    {
        if (message.Require("content") is { ValueKind: JsonValueKind.String } text)
            return text.GetString()!;
        var items = message.Items("content", "a string or an array of content parts")!;
        string[] parts = [.. items.Select(part => ReadPart(new JsonFields(part.Item, part.Path), assistant))];
        return parts.Length > 0 ? string.Join('\n', parts) : throw FieldError.Empty(message.PathOf("content"), "content part");
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
