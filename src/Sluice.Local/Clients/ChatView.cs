using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using AnswerFormat = Sluice.Protocol.Requests.AnswerFormat;
using CompletionRequest = Sluice.Protocol.Requests.CompletionRequest;
using Message = Sluice.Protocol.Requests.ChatMessage;

namespace Sluice.Local.Clients;

/// <summary>
/// A conversation and its options, as an application hands them over, in the common view. An option that would not happen is refused: one
/// that is ignored would be a lie.
/// </summary>
internal static class ChatView
{
    private const string MinP = "min_p", RepetitionPenalty = "repetition_penalty";

    private static readonly ChatRole[] Roles = [ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool];

    /// <exception cref="NotSupportedException">A message or an option asks for what is not built.</exception>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static CompletionRequest Of(string model, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        options ??= new ChatOptions();
        RefuseUnbuilt(model, options);
        if (options.Instructions is { } told)
            messages = messages.Prepend(new ChatMessage(ChatRole.System, told));
        Message[] conversation = [.. messages.Select(Of)];
        if (conversation.Length == 0)
            throw new ArgumentException("The conversation has no messages.", nameof(messages));
        return new CompletionRequest
        {
            Model = model,
            Messages = conversation,
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
        Refuse("Tools", options.Tools is { Count: > 0 });
        Refuse("ToolMode", options.ToolMode is RequiredChatToolMode); // the other modes, and AllowMultipleToolCalls, say nothing without tools
        Refuse("Reasoning", options.Reasoning is not null);
        Refuse("ConversationId", options.ConversationId is not null);
        Refuse("RawRepresentationFactory", options.RawRepresentationFactory is not null);
#pragma warning disable MEAI001 // still called experimental there: read only in order to refuse them
        Refuse("AllowBackgroundResponses", options.AllowBackgroundResponses == true);
        Refuse("ContinuationToken", options.ContinuationToken is not null);
#pragma warning restore MEAI001
        foreach (string name in options.AdditionalProperties?.Keys ?? Enumerable.Empty<string>())
            Refuse($"AdditionalProperties[\"{name}\"]", name is not (MinP or RepetitionPenalty));
    }

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

    private static Message Of(ChatMessage message)
    {
        if (!Roles.Contains(message.Role))
            throw new NotSupportedException($"A message has the role '{message.Role}'; known: {string.Join(", ", Roles)}.");
        if (message.Contents.FirstOrDefault(content => content is not TextContent) is { } other)
            throw new NotSupportedException($"A message holds {other.GetType().Name}; only text is supported.");
        var raw = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(raw))
        {
            json.WriteStartObject();
            json.WriteString("role", message.Role.Value);
            json.WriteString("content", message.Text);
            if (message.AuthorName is { } name)
                json.WriteString("name", name);
            json.WriteEndObject();
        }
        return new Message(message.Role.Value, message.Text, JsonElement.Parse(raw.WrittenSpan));
    }
}
