using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>Anthropic's <c>/v1/messages</c>. Its view has OpenAI's forms, so that every source understands it.</summary>
public sealed class AnthropicMessagesDialect : IDialect
{
    private const int MaxStops = 64;
    private const int MaxStopChars = 1024;

    private static readonly InertOption[] Inert =
    [
        InertOption.OneOf("service_tier", "auto", "standard_only"),
        InertOption.AnyObject("cache_control"),
        InertOption.Never("container"),
        InertOption.Never("context_management"),
        InertOption.Never("mcp_servers"),
        InertOption.Never("output_config"),
        InertOption.Never("output_format"),
        InertOption.Never("inference_geo"),
    ];

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "model", "messages", "max_tokens", "system", "stop_sequences", "stream", "temperature", "top_p", "top_k", "metadata", "thinking",
        .. AnthropicToolFields.Names, .. Inert.Select(option => option.Name),
    ]);

    public AnthropicMessagesDialect() { }

    private AnthropicMessagesDialect(bool counts) => Counts = counts;

    /// <summary>Whether only the tokens of a prompt are asked for.</summary>
    public bool Counts { get; }

    /// <summary>The same requests for <c>/v1/messages/count_tokens</c>, where an answer's length does not matter.</summary>
    public static AnthropicMessagesDialect ForCounting { get; } = new(counts: true);

    public string Name => Counts ? "anthropic.count_tokens" : "anthropic.messages";

    public CompletionRequest Parse(ReadOnlyMemory<byte> body)
    {
        var fields = new JsonFields(JsonBody.Parse(body), "");
        fields.RefuseUnknown(Known);
        foreach (InertOption option in Inert)
            option.Check(fields);
        if (!Counts)
            fields.Require("max_tokens");
        var view = new CompletionRequest
        {
            Model = SamplingFields.ReadModel(fields),
            Messages = AnthropicMessageFields.Read(fields),
            MaxTokens = fields.Integer("max_tokens", 1),
            Temperature = fields.Number("temperature", 0, 1),
            TopP = fields.Number("top_p", 0, 1),
            TopK = fields.Integer("top_k", 0),
            Stop = ReadStops(fields),
            Stream = fields.Boolean("stream") ?? false,
            IncludeUsage = true,
            User = fields.Find("metadata") is { } metadata ? new JsonFields(metadata, "metadata").Text("user_id") : null,
            Thinking = ReadThinking(fields),
        };
        return AnthropicToolFields.Read(fields, view);
    }

    public IFramer CreateFramer(CompletionRequest request, AnswerInfo answer) => new AnthropicFramer(answer);

    public IFramer CreateRelay() => new RelayFramer(ReadOnlyMemory<byte>.Empty, AnthropicErrors.WriteStreamError);

    public void WriteError(ApiError fault, IBufferWriter<byte> output) => AnthropicErrors.WriteBody(fault, output);

    /// <summary>The answer to a request that only counts.</summary>
    public static void WriteCount(int tokens, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, OpenAiJson.WriterOptions);
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, tokens);
        json.WriteEndObject();
    }

    private static string[] ReadStops(JsonFields fields)
    {
        if (fields.Items("stop_sequences", "an array of strings") is not { } items)
            return [];
        string[] stops = [.. items.Take(MaxStops + 1).Select(item =>
            JsonFields.TextOf(item.Item, item.Path) is { Length: > 0 and <= MaxStopChars } text
                ? text : throw FieldError.WrongValue(item.Item, item.Path, $"1 to {MaxStopChars} characters"))];
        return stops.Length <= MaxStops ? stops : throw FieldError.TooMany("stop_sequences", MaxStops, "strings");
    }

    private static ThinkingOptions ReadThinking(JsonFields fields)
    {
        if (fields.Find("thinking") is not { } value)
            return new ThinkingOptions();
        var thinking = new JsonFields(value, "thinking");
        switch (thinking.RequireText("type"))
        {
            case "disabled":
                return new ThinkingOptions { Enabled = false };
            case "adaptive":
                return new ThinkingOptions { Enabled = true };
            case "enabled":
                thinking.Require("budget_tokens");
                return new ThinkingOptions { Enabled = true, BudgetTokens = thinking.Integer("budget_tokens", 1) };
            default:
                throw FieldError.WrongValue(
                    thinking.Require("type"), thinking.PathOf("type"), "\"enabled\", \"adaptive\" or \"disabled\"");
        }
    }
}
