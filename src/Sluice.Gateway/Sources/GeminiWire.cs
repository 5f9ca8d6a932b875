using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Sources;

/// <summary>Gemini's <c>streamGenerateContent</c>.</summary>
internal sealed class GeminiWire : IUpstreamWire
{
    private static readonly string[] Known = ["tools", "temperature", "top_p", "top_k", "seed", "frequency_penalty", "presence_penalty"];

    public string PathOf(string model) => $"/models/{Uri.EscapeDataString(model)}:streamGenerateContent?alt=sse";

    public void WriteRequest(CompletionRequest view, string model, IBufferWriter<byte> output)
    {
        SetOptions.RefuseOthers(view, "Gemini's API", Known);
        using Utf8JsonWriter json = WireJson.Open(output);
        json.WriteStartObject();
        WriteSystem(json, view);
        WriteContents(json, view);
        WriteTools(json, view);
        json.WriteStartObject("generationConfig");
        WireJson.WriteOptional(json, "maxOutputTokens", view.MaxTokens);
        WireJson.WriteOptional(json, "temperature", view.Temperature);
        WireJson.WriteOptional(json, "topP", view.TopP);
        WireJson.WriteOptional(json, "topK", view.TopK is > 0 ? view.TopK : null);
        WireJson.WriteOptional(json, "seed", view.Seed);
        WireJson.WriteOptional(json, "frequencyPenalty", view.FrequencyPenalty);
        WireJson.WriteOptional(json, "presencePenalty", view.PresencePenalty);
        WireJson.WriteTexts(json, "stopSequences", view.Stop);
        WriteThinking(json, view);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public IWireReader CreateReader(CompletionRequest view) => new GeminiReader();

    private static void WriteSystem(Utf8JsonWriter json, CompletionRequest view)
    {
        string[] texts = [.. view.Messages!.Where(message => message.Role == "system").Select(message => message.Content ?? "")];
        if (texts.Length == 0)
            return;
        json.WriteStartObject("systemInstruction");
        json.WriteStartArray("parts");
        foreach (string text in texts)
            WriteText(json, text);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Messages of one role in a row become one turn, because the results of all calls of a turn belong together.</summary>
    private static void WriteContents(Utf8JsonWriter json, CompletionRequest view)
    {
        string? open = null;
        var names = new Dictionary<string, string>(); // a result names its call by id, Gemini by the function
        json.WriteStartArray("contents");
        foreach (ChatMessage message in view.Messages!.Where(message => message.Role != "system"))
        {
            if (message.Role != open)
            {
                WireJson.CloseTurn(json, open);
                json.WriteStartObject();
                json.WriteString("role", message.Role == "assistant" ? "model" : "user");
                json.WriteStartArray("parts");
                open = message.Role;
            }
            WriteParts(json, message, names);
        }
        WireJson.CloseTurn(json, open);
        json.WriteEndArray();
    }

    private static void WriteParts(Utf8JsonWriter json, ChatMessage message, Dictionary<string, string> names)
    {
        if (message.Role == "tool")
        {
            WriteResult(json, names.GetValueOrDefault(WireJson.Text(message.Raw, "tool_call_id") ?? "", "unknown"), message.Content ?? "");
            return;
        }
        if (message.Content is { } text)
            WriteText(json, text);
        foreach (JsonElement call in WireJson.Items(message.Raw, "tool_calls"))
        {
            JsonElement function = WireJson.Object(call, "function");
            string name = WireJson.Text(function, "name") ?? "";
            names[WireJson.Text(call, "id") ?? ""] = name;
            json.WriteStartObject();
            json.WriteStartObject("functionCall");
            json.WriteString("name", name);
            json.WritePropertyName("args");
            WireJson.WriteArguments(json, WireJson.Text(function, "arguments") ?? "");
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, string name, string result)
    {
        json.WriteStartObject();
        json.WriteStartObject("functionResponse");
        json.WriteString("name", name);
        json.WriteStartObject("response");
        json.WriteString("result", result);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, CompletionRequest view)
    {
        if (view.Tools is not { } tools)
            return;
        json.WriteStartArray("tools");
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations");
        foreach (JsonElement tool in tools.EnumerateArray())
        {
            JsonElement function = WireJson.Object(tool, "function");
            json.WriteStartObject();
            json.WriteString("name", WireJson.Text(function, "name"));
            if (WireJson.Text(function, "description") is { } description)
                json.WriteString("description", description);
            if (WireJson.Object(function, "parameters") is { ValueKind: JsonValueKind.Object } schema)
            {
                json.WritePropertyName("parametersJsonSchema");
                schema.WriteTo(json);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        WriteChoice(json, view.ToolChoice);
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        json.WriteStartObject("toolConfig");
        json.WriteStartObject("functionCallingConfig");
        json.WriteString("mode", choice.Mode switch
        {
            ToolChoiceMode.None => "NONE",
            ToolChoiceMode.Required => "ANY",
            _ => "AUTO",
        });
        if (choice.Name is { } name)
            WireJson.WriteTexts(json, "allowedFunctionNames", [name]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteThinking(Utf8JsonWriter json, CompletionRequest view)
    {
        if (ThinkingWords.Tokens(view.Thinking) is not { } tokens)
            return;
        json.WriteStartObject("thinkingConfig");
        json.WriteNumber("thinkingBudget", tokens);
        json.WriteBoolean("includeThoughts", tokens > 0);
        json.WriteEndObject();
    }
}
