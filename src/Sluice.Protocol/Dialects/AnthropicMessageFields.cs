using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// Anthropic's messages, put into OpenAI's form: the system text becomes the first message, a tool's result a message of its own, a use of a
/// tool a call.
/// </summary>
internal static class AnthropicMessageFields
{
    private const string Content = "a string or an array of content blocks";

    public static IReadOnlyList<ChatMessage> Read(JsonFields fields)
    {
        fields.Require("messages");
        var messages = new List<ChatMessage>();
        if (fields.Find("system") is not null && ReadText(fields, "system") is { Length: > 0 } system)
            messages.Add(Make("system", system));
        int before = messages.Count;
        foreach ((JsonElement message, string path) in fields.Items("messages", "an array of messages")!)
            ReadOne(new JsonFields(message, path), messages);
        return messages.Count > before ? messages : throw FieldError.Empty("messages", "message");
    }

    private static void ReadOne(JsonFields message, List<ChatMessage> messages)
    {
        string role = message.RequireText("role");
        if (role is not ("user" or "assistant"))
            throw FieldError.WrongValue(message.Require("role"), message.PathOf("role"), "\"user\" or \"assistant\"");
        if (message.Require("content") is { ValueKind: JsonValueKind.String } text)
            messages.Add(Make(role, text.GetString()!));
        else if (role == "user")
            ReadUser(message, messages);
        else
            ReadAssistant(message, messages);
    }

    private static void ReadUser(JsonFields message, List<ChatMessage> messages)
    {
        var texts = new List<string>();
        int before = messages.Count;
        foreach ((JsonElement item, string path) in message.Items("content", Content)!)
        {
            var block = new JsonFields(item, path);
            switch (block.RequireText("type"))
            {
                case "text":
                    texts.Add(block.RequireText("text"));
                    break;
                case "tool_result":
                    messages.Add(MakeResult(block));
                    break;
                default:
                    throw FieldError.Unsupported(block.PathOf("type"), "\"text\" or \"tool_result\"");
            }
        }
        if (texts.Count > 0)
            messages.Add(Make("user", string.Join('\n', texts)));
        else if (messages.Count == before)
            throw FieldError.Empty(message.PathOf("content"), "content block");
    }

    private static void ReadAssistant(JsonFields message, List<ChatMessage> messages)
    {
        var texts = new List<string>();
        var thoughts = new List<string>();
        var uses = new List<JsonFields>();
        foreach ((JsonElement item, string path) in message.Items("content", Content)!)
        {
            var block = new JsonFields(item, path);
            switch (block.RequireText("type"))
            {
                case "text":
                    texts.Add(block.RequireText("text"));
                    break;
                case "thinking":
                    thoughts.Add(block.RequireText("thinking"));
                    break;
                case "redacted_thinking":
                    break; // readable to nobody but its maker
                case "tool_use":
                    uses.Add(block);
                    break;
                default:
                    throw FieldError.Unsupported(block.PathOf("type"), "\"text\", \"thinking\" or \"tool_use\"");
            }
        }
        string? text = texts.Count == 0 && uses.Count > 0 ? null : string.Join('\n', texts);
        messages.Add(MakeTurn(text, string.Join('\n', thoughts), uses));
    }

    private static ChatMessage MakeResult(JsonFields block)
    {
        string id = block.RequireText("tool_use_id");
        string text = block.Find("content") is null ? "" : ReadText(block, "content");
        return Make("tool", text, json => json.WriteString("tool_call_id"u8, id));
    }

    private static ChatMessage MakeTurn(string? text, string thoughts, List<JsonFields> uses) => Make("assistant", text, json =>
    {
        if (thoughts.Length > 0)
            json.WriteString("reasoning_content"u8, thoughts);
        if (uses.Count == 0)
            return;
        json.WriteStartArray("tool_calls"u8);
        foreach (JsonFields use in uses)
        {
            JsonElement input = use.Require("input");
            _ = new JsonFields(input, use.PathOf("input"));
            json.WriteStartObject();
            json.WriteString("id"u8, use.RequireText("id"));
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, use.RequireText("name"));
            json.WriteString("arguments"u8, input.GetRawText());
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>A string, or text blocks that are joined.</summary>
    private static string ReadText(JsonFields owner, string name)
    {
        if (owner.Require(name) is { ValueKind: JsonValueKind.String } text)
            return text.GetString()!;
        return string.Join('\n', owner.Items(name, "a string or an array of text blocks")!.Select(item =>
        {
            var block = new JsonFields(item.Item, item.Path);
            return block.RequireText("type") == "text"
                ? block.RequireText("text") : throw FieldError.Unsupported(block.PathOf("type"), "\"text\"");
        }));
    }

    private static ChatMessage Make(string role, string? content, Action<Utf8JsonWriter>? more = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("role"u8, role);
            json.WriteString("content"u8, content);
            more?.Invoke(json);
            json.WriteEndObject();
        }
        return new ChatMessage(role, content, JsonElement.Parse(buffer.WrittenSpan));
    }
}
