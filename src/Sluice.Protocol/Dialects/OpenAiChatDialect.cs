using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>OpenAI's <c>/v1/chat/completions</c>.</summary>
public sealed class OpenAiChatDialect : IDialect
{
    private static readonly InertOption[] Inert =
    [
        InertOption.OnlyFalse("store"),
        InertOption.AnyObject("metadata"),
        InertOption.OneOf("service_tier", "auto", "default"),
        InertOption.AnyText("safety_identifier"),
        InertOption.AnyText("prompt_cache_key"),
        InertOption.AnyObject("prompt_cache_options"),
        new("modalities", "[\"text\"]", IsTextModality),
        InertOption.Never("audio"),
        InertOption.Never("verbosity"),
        InertOption.Never("web_search_options"),
        InertOption.Never("moderation"),
        InertOption.Never("functions"),
        InertOption.Never("function_call"),
    ];

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "messages", "max_completion_tokens", "logprobs", "top_logprobs", PredictionFields.Name,
        .. SamplingFields.Names, .. ContextFields.Names, .. ToolFields.Names, .. TemplateFields.Names, .. FormatFields.Names,
        .. ThinkingFields.Names,
        .. Inert.Select(option => option.Name),
    ]);

    public string Name => "openai.chat";

    public CompletionRequest Parse(ReadOnlyMemory<byte> body)
    {
        var fields = new JsonFields(JsonBody.Parse(body), "");
        fields.RefuseUnknown(Known);
        CompletionRequest view = SamplingFields.Read(fields);
        foreach (InertOption option in Inert)
            option.Check(fields);
        return ToolFields.Read(fields, ThinkingFields.Read(fields, TemplateFields.Read(fields, view))) with
        {
            Messages = MessageFields.Read(fields),
            Keep = ContextFields.Read(fields),
            KeepPromptCached = ContextFields.KeepsPromptCached(fields),
            CacheSalt = ContextFields.ReadSalt(fields),
            MaxTokens = ReadMaxTokens(fields, view.MaxTokens),
            Logprobs = ReadLogprobs(fields),
            Prediction = PredictionFields.Read(fields),
            Format = FormatFields.Read(fields),
        };
    }

    public IFramer CreateFramer(CompletionRequest request, AnswerInfo answer) => new OpenAiChatFramer(request, answer);

    public IFramer CreateRelay() => new RelayFramer(OpenAiEnvelope.EndMark, OpenAiEnvelope.WriteStreamError);

    public void WriteError(ApiError fault, IBufferWriter<byte> output) => OpenAiErrors.WriteBody(fault, output);

    private static int? ReadMaxTokens(JsonFields fields, int? oldName)
    {
        int? newName = fields.Integer("max_completion_tokens", 1);
        if (newName is not null && oldName is not null && newName != oldName)
        {
            throw new InvalidRequestException(
                "'max_tokens' and 'max_completion_tokens' differ; send one of them.", "max_tokens", "invalid_value");
        }
        return newName ?? oldName;
    }

    private static int? ReadLogprobs(JsonFields fields)
    {
        int? top = fields.Integer("top_logprobs", 0, SamplingFields.MaxLogprobs);
        if (fields.Boolean("logprobs") == true)
            return top ?? 0;
        return top is null
            ? null
            : throw new InvalidRequestException("'top_logprobs' needs 'logprobs': true beside it.", "top_logprobs", "invalid_value");
    }

    private static bool IsTextModality(JsonElement modalities) =>
        modalities.ValueKind == JsonValueKind.Array
        && modalities.GetArrayLength() == 1
        && modalities[0].ValueKind == JsonValueKind.String
        && modalities[0].ValueEquals("text");
}
