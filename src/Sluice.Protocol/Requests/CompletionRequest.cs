using System.Text.Json;

namespace Sluice.Protocol.Requests;

/// <summary>
/// The common view of a request for text, whichever dialect it came in. Null means that the client did not say, so the model's own
/// default applies.
/// </summary>
public sealed record CompletionRequest
{
    public required string Model { get; init; }

    /// <summary>A conversation; null for a plain prompt.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>Plain prompts (several give one choice each); null for a conversation.</summary>
    public IReadOnlyList<PromptInput>? Prompts { get; init; }

    /// <summary>Tool definitions as they came, for the chat template.</summary>
    public JsonElement? Tools { get; init; }

    public int? MaxTokens { get; init; }

    public float? Temperature { get; init; }

    public float? TopP { get; init; }

    public int? TopK { get; init; }

    public float? MinP { get; init; }

    public float? FrequencyPenalty { get; init; }

    public float? PresencePenalty { get; init; }

    public float? RepetitionPenalty { get; init; }

    public long? Seed { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Choices per prompt.</summary>
    public int Choices { get; init; } = 1;

    public bool Stream { get; init; }

    /// <summary>Whether a stream ends with a usage frame.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Whether a plain prompt is repeated before its continuation.</summary>
    public bool Echo { get; init; }

    /// <summary>The client's own name for its user.</summary>
    public string? User { get; init; }
}
