using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Sources;

/// <summary>Anthropic's messages, for requests that came in another dialect.</summary>
internal sealed class AnthropicWire : IUpstreamWire
{
    // The API wants a limit where others have none; what every model of theirs can write.
    private const int DefaultMaxTokens = 4096;

    private static readonly string[] Known = ["tools", "temperature", "top_p", "top_k"];

    public string PathOf(string model) => "/messages";

    public void WriteRequest(CompletionRequest view, string model, IBufferWriter<byte> output)
    {
        SetOptions.RefuseOthers(view, "Anthropic's API", Known);
        if (view.Temperature > 1)
            throw new InvalidRequestException("Anthropic's API takes a 'temperature' of at most 1.", "temperature", "invalid_value");
        using Utf8JsonWriter json = WireJson.Open(output);
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteNumber("max_tokens", view.MaxTokens ?? DefaultMaxTokens + (ThinkingWords.Tokens(view.Thinking) ?? 0));
        WriteSystem(json, view);
        WriteMessages(json, view);
        WriteTools(json, view);
        WriteThinking(json, view);
        WireJson.WriteOptional(json, "temperature", view.Temperature);
        WireJson.WriteOptional(json, "top_p", view.TopP);
        WireJson.WriteOptional(json, "top_k", view.TopK is > 0 ? view.TopK : null);
        WireJson.WriteTexts(json, "stop_sequences", view.Stop);
        if (view.User is not null)
        {
            json.WriteStartObject("metadata");
            json.WriteString("user_id", view.User);
            json.WriteEndObject();
        }
        json.WriteBoolean("stream", true);
        json.WriteEndObject();
    }

    public IWireReader CreateReader(CompletionRequest view) => new AnthropicReader();

    private static void WriteSystem(Utf8JsonWriter json, CompletionRequest view)
    {
        string system = string.Join("\n\n", view.Messages!.Where(message => message.Role == "system").Select(message => message.Content));
        if (system.Length > 0)
            json.WriteString("system", system);
    }

    /// <summary>Turns of one side in a row become one, because a tool's result belongs to the user's turn.</summary>
    private static void WriteMessages(Utf8JsonWriter json, CompletionRequest view)
    {
        string? open = null;
        json.WriteStartArray("messages");
        foreach (ChatMessage message in view.Messages!.Where(message => message.Role != "system"))
        {
            string role = message.Role == "assistant" ? "assistant" : "user";
            if (role != open)
            {
                WireJson.CloseTurn(json, open);
                json.WriteStartObject();
                json.WriteString("role", role);
                json.WriteStartArray("content");
                open = role;
            }
            WriteBlocks(json, message);
        }
        WireJson.CloseTurn(json, open);
        json.WriteEndArray();
    }

    private static void WriteBlocks(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.Role == "tool")
        {
            json.WriteStartObject();
            json.WriteString("type", "tool_result");
            json.WriteString("tool_use_id", WireJson.Text(message.Raw, "tool_call_id"));
            json.WriteString("content", message.Content);
            json.WriteEndObject();
            return;
        }
        if (message.Content is { Length: > 0 } text)
        {
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteString("text", text);
            json.WriteEndObject();
        }
        foreach (JsonElement call in WireJson.Items(message.Raw, "tool_calls"))
        {
            JsonElement function = WireJson.Object(call, "function");
            json.WriteStartObject();
            json.WriteString("type", "tool_use");
            json.WriteString("id", WireJson.Text(call, "id"));
            json.WriteString("name", WireJson.Text(function, "name"));
            json.WritePropertyName("input");
            WireJson.WriteArguments(json, WireJson.Text(function, "arguments") ?? "");
            json.WriteEndObject();
        }
    }

    private static void WriteTools(Utf8JsonWriter json, CompletionRequest view)
    {
        if (view.Tools is not { } tools)
            return;
        json.WriteStartArray("tools");
        foreach (JsonElement tool in tools.EnumerateArray())
        {
            JsonElement function = WireJson.Object(tool, "function");
            json.WriteStartObject();
            json.WriteString("name", WireJson.Text(function, "name"));
            if (WireJson.Text(function, "description") is { } description)
                json.WriteString("description", description);
            json.WritePropertyName("input_schema");
            if (WireJson.Object(function, "parameters") is { ValueKind: JsonValueKind.Object } schema)
                schema.WriteTo(json);
            else
                json.WriteRawValue("{\"type\":\"object\"}"u8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteChoice(json, view);
    }

    private static void WriteChoice(Utf8JsonWriter json, CompletionRequest view)
    {
        (ToolChoiceMode mode, string? name) = view.ToolChoice;
        json.WriteStartObject("tool_choice");
        json.WriteString("type", (mode, name) switch
        {
            (ToolChoiceMode.None, _) => "none",
            (ToolChoiceMode.Required, null) => "any",
            (ToolChoiceMode.Required, _) => "tool",
            _ => "auto",
        });
        if (name is not null)
            json.WriteString("name", name);
        if (!view.ParallelToolCalls && mode != ToolChoiceMode.None)
            json.WriteBoolean("disable_parallel_tool_use", true);
        json.WriteEndObject();
    }

    private static void WriteThinking(Utf8JsonWriter json, CompletionRequest view)
    {
        if (ThinkingWords.Tokens(view.Thinking) is not { } tokens)
            return;
        json.WriteStartObject("thinking");
        json.WriteString("type", tokens == 0 ? "disabled" : "enabled");
        if (tokens > 0)
            json.WriteNumber("budget_tokens", tokens);
        json.WriteEndObject();
    }
}
