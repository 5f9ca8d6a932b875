using System.Globalization;
using Microsoft.Extensions.AI;
using Sluice.Protocol.Requests;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using Message = Sluice.Protocol.Requests.ChatMessage;

namespace Sluice.Local.Clients;

/// <summary>
/// A conversation and its options, as an application hands them over, in the common view. An option that would not happen is refused: one
/// that is ignored would be a lie.
/// </summary>
internal static class ChatView
{
    private const string MinP = "min_p", RepetitionPenalty = "repetition_penalty", Budget = "thinking_budget_tokens";

    /// <exception cref="NotSupportedException">A message or an option asks for what is not built.</exception>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static CompletionRequest Of(string model, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        options ??= new ChatOptions();
        RefuseUnbuilt(model, options);
        if (options.Instructions is { } told)
            messages = messages.Prepend(new ChatMessage(ChatRole.System, told));
        Message[] conversation = [.. messages.SelectMany(ChatMessages.Of)];
        if (conversation.Length == 0)
            throw new ArgumentException("The conversation has no messages.", nameof(messages));
        return new CompletionRequest
        {
            Model = model,
            Messages = conversation,
            Tools = ChatTools.Of(options.Tools),
            ToolChoice = ChatTools.ChoiceOf(options.ToolMode),
            ParallelToolCalls = options.AllowMultipleToolCalls ?? true,
            Thinking = ThinkingOf(options),
            MaxTokens = Within(nameof(options.MaxOutputTokens), options.MaxOutputTokens, 1, int.MaxValue),
            Temperature = Within(nameof(options.Temperature), options.Temperature, 0, 2),
            TopP = Within(nameof(options.TopP), options.TopP, 0, 1),
            TopK = Within(nameof(options.TopK), options.TopK, 0, int.MaxValue),
            FrequencyPenalty = Within(nameof(options.FrequencyPenalty), options.FrequencyPenalty, -2, 2),
            PresencePenalty = Within(nameof(options.PresencePenalty), options.PresencePenalty, -2, 2),
            MinP = Within(MinP, Additional(options, MinP), 0, 1),
            RepetitionPenalty = Within(RepetitionPenalty, Additional(options, RepetitionPenalty), 0.01f, 100),
            Seed = options.Seed,
            Format = Of(options.ResponseFormat),
            Stop = options.StopSequences is null ? [] : [.. options.StopSequences.Select(NotEmpty)],
        };
    }

    /// <summary>What both kinds of client refuse.</summary>
    public static void RefuseOtherModel(string model, string? asked)
    {
        if (asked is not null && asked != model)
            throw new NotSupportedException($"ModelId is '{asked}', but this client answers with '{model}' alone; leave it out.");
    }

    private static AnswerFormat? Of(ChatResponseFormat? format) => format switch
    {
        null or ChatResponseFormatText => null,
        ChatResponseFormatJson { Schema: { } schema } =>
            new AnswerFormat.JsonSchema(schema.GetRawText(), nameof(ChatOptions.ResponseFormat)),
        ChatResponseFormatJson => new AnswerFormat.JsonObject(),
        _ => throw new NotSupportedException(
            $"ChatOptions.ResponseFormat of type {format.GetType().Name} is not supported; leave it out."),
    };

    private static void RefuseUnbuilt(string model, ChatOptions options)
    {
        RefuseOtherModel(model, options.ModelId);
        Refuse("Reasoning.Output", options.Reasoning?.Output == ReasoningOutput.Summary);
        Refuse("ConversationId", options.ConversationId is not null);
        Refuse("RawRepresentationFactory", options.RawRepresentationFactory is not null);
#pragma warning disable MEAI001 // still called experimental there: read only in order to refuse them
        Refuse("AllowBackgroundResponses", options.AllowBackgroundResponses == true);
        Refuse("ContinuationToken", options.ContinuationToken is not null);
#pragma warning restore MEAI001
        foreach (string name in options.AdditionalProperties?.Keys ?? Enumerable.Empty<string>())
            Refuse($"AdditionalProperties[\"{name}\"]", name is not (MinP or RepetitionPenalty or Budget));
    }

    private static ThinkingOptions ThinkingOf(ChatOptions options) => new()
    {
        Enabled = options.Reasoning?.Effort == ReasoningEffort.None ? false : null,
        Effort = options.Reasoning?.Effort switch
        {
            ReasoningEffort.Low => "low",
            ReasoningEffort.Medium => "medium",
            ReasoningEffort.High => "high",
            ReasoningEffort.ExtraHigh => "xhigh",
            _ => null,
        },
        BudgetTokens = (int?)Within(Budget, Additional(options, Budget), 0, int.MaxValue),
    };

    private static void Refuse(string option, bool asked)
    {
        if (asked)
            throw new NotSupportedException($"ChatOptions.{option} is not supported by a model in this process; leave it out.");
    }

    private static T? Within<T>(string option, T? value, T least, T most) where T : struct, IComparable<T> =>
        value is not { } v || (v.CompareTo(least) >= 0 && v.CompareTo(most) <= 0)
            ? value
            : throw new ArgumentOutOfRangeException(option, value, FormattableString.Invariant($"It must be between {least} and {most}."));

    private static float? Additional(ChatOptions options, string name) => options.AdditionalProperties?.GetValueOrDefault(name) switch
    {
        null => null,
        IConvertible number and not string => number.ToSingle(CultureInfo.InvariantCulture),
        var other => throw new ArgumentException($"AdditionalProperties[\"{name}\"] is a {other.GetType().Name}; it must be a number.", name),
    };

    private static string NotEmpty(string stop) =>
        stop is { Length: > 0 } ? stop : throw new ArgumentException("StopSequences holds an empty text; leave it out.", nameof(stop));
}
