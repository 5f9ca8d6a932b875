using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Sources;

/// <summary>OpenAI's chat completions, for requests that came in another dialect.</summary>
/// <param name="hosted">
/// Whether it is OpenAI's own service, which has renamed the length limit and knows none of the options that the servers of open models share.
/// </param>
internal sealed class OpenAiWire(bool hosted) : IUpstreamWire
{
    private static readonly string[] Hosted =
        ["tools", "strict tools", "temperature", "top_p", "frequency_penalty", "presence_penalty", "seed", "n"];

    private static readonly string[] Open = [.. Hosted, "top_k", "min_p", "repetition_penalty"];

    public string PathOf(string model) => "/chat/completions";

    public void WriteRequest(CompletionRequest view, string model, IBufferWriter<byte> output)
    {
        SetOptions.RefuseOthers(view, "the API of this model's source", hosted ? Hosted : Open);
        using Utf8JsonWriter json = WireJson.Open(output);
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteStartArray("messages");
        foreach (ChatMessage message in view.Messages!)
            message.Raw.WriteTo(json);
        json.WriteEndArray();
        WriteTools(json, view);
        WireJson.WriteOptional(json, hosted ? "max_completion_tokens" : "max_tokens", view.MaxTokens);
        WireJson.WriteOptional(json, "temperature", view.Temperature);
        WireJson.WriteOptional(json, "top_p", view.TopP);
        WireJson.WriteOptional(json, "top_k", view.TopK);
        WireJson.WriteOptional(json, "min_p", view.MinP);
        WireJson.WriteOptional(json, "frequency_penalty", view.FrequencyPenalty);
        WireJson.WriteOptional(json, "presence_penalty", view.PresencePenalty);
        WireJson.WriteOptional(json, "repetition_penalty", view.RepetitionPenalty);
        WireJson.WriteOptional(json, "seed", view.Seed);
        if (view.Choices > 1)
            json.WriteNumber("n", view.Choices);
        WireJson.WriteTexts(json, "stop", view.Stop);
        if (view.User is not null)
            json.WriteString("user", view.User);
        WriteThinking(json, view.Thinking);
        json.WriteBoolean("stream", true);
        json.WriteStartObject("stream_options");
        json.WriteBoolean("include_usage", true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public IWireReader CreateReader(CompletionRequest view) => new OpenAiReader(view.TotalChoices);

    private static void WriteTools(Utf8JsonWriter json, CompletionRequest view)
    {
        if (view.Tools is not { } tools)
            return;
        json.WritePropertyName("tools");
        tools.WriteTo(json);
        (ToolChoiceMode mode, string? name) = view.ToolChoice;
        if (name is not null)
        {
            json.WriteStartObject("tool_choice");
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else if (mode != ToolChoiceMode.Auto)
        {
            json.WriteString("tool_choice", mode == ToolChoiceMode.None ? "none" : "required");
        }
        if (!view.ParallelToolCalls)
            json.WriteBoolean("parallel_tool_calls", false);
    }

    private void WriteThinking(Utf8JsonWriter json, ThinkingOptions thinking)
    {
        if (ThinkingWords.Effort(thinking) is { } effort)
            json.WriteString("reasoning_effort", effort);
        if (hosted || thinking.Enabled is not { } enabled)
            return;
        json.WriteStartObject("chat_template_kwargs");
        json.WriteBoolean("enable_thinking", enabled);
        json.WriteEndObject();
    }
}
