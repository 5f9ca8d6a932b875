using System.Text.Json;

namespace Sluice.Protocol.Requests;

/// <summary>
/// The common view of a request for how likely each of some labels is as the answer. Either a conversation or a plain prompt is set, never
/// both.
/// </summary>
public sealed record ScoringRequest
{
    /// <summary>Most labels of one request.</summary>
    public const int MostLabels = 1024;

    public required string Model { get; init; }

    /// <summary>A conversation whose next turn is one of the labels; null for a plain prompt.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>A plain prompt that one of the labels continues; null for a conversation.</summary>
    public PromptInput? Prompt { get; init; }

    /// <summary>Further variables of the chat template, such as <c>enable_thinking</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> TemplateVariables { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>What the answer may be: 1 to <see cref="MostLabels"/> texts, all different, none empty.</summary>
    public required IReadOnlyList<string> Labels { get; init; }
}
