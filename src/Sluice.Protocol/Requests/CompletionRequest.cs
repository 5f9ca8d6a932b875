using System.Text.Json;

namespace Sluice.Protocol.Requests;

/// <summary>
/// The common view of a request for text, whichever dialect it came in. Null means that the client did not say, so the model's own
/// default applies. Ranges hold for every view that a dialect made.
/// </summary>
public sealed record CompletionRequest
{
    public required string Model { get; init; }

    /// <summary>A conversation; null for a plain prompt.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>Plain prompts (several give one choice each); null for a conversation.</summary>
    public IReadOnlyList<PromptInput>? Prompts { get; init; }

    /// <summary>The array of tool definitions as it came, in OpenAI's form; null where there are none.</summary>
    public JsonElement? Tools { get; init; }

    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>Whether some tool may only get arguments that are valid by its schema; then a call is forced or none is made.</summary>
    public bool StrictTools { get; init; }

    /// <summary>Whether an answer may make more than one call.</summary>
    public bool ParallelToolCalls { get; init; } = true;

    public ThinkingOptions Thinking { get; init; } = new();

    /// <summary>Whether a conversation ends with the opening of the assistant's turn.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>Whether the model goes on with the last message instead of answering it.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>Further variables of the chat template, such as <c>enable_thinking</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> TemplateVariables { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>What the client expects the answer to say, for the most part: a source may use it to answer faster.</summary>
    public string? Prediction { get; init; }

    /// <summary>What an answer's text must be; null for anything.</summary>
    public AnswerFormat? Format { get; init; }

    /// <summary>Most tokens of one choice; at least 1.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>0 (greedy) to 2.</summary>
    public float? Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public float? TopP { get; init; }

    /// <summary>At least 0; 0 keeps every token.</summary>
    public int? TopK { get; init; }

    /// <summary>0 to 1.</summary>
    public float? MinP { get; init; }

    /// <summary>-2 to 2.</summary>
    public float? FrequencyPenalty { get; init; }

    /// <summary>-2 to 2.</summary>
    public float? PresencePenalty { get; init; }

    /// <summary>Above 0; 1 changes nothing.</summary>
    public float? RepetitionPenalty { get; init; }

    public long? Seed { get; init; }

    /// <summary>Added to the logits of single tokens, -100 to 100.</summary>
    public IReadOnlyList<(int Token, float Bias)> LogitBias { get; init; } = [];

    /// <summary>Ways of drawing that OpenAI does not have.</summary>
    public ExtendedSampling Extended { get; init; } = new();

    /// <summary>
    /// Whether answers say how likely each token was, and how many of the most likely ones they name beside it: 0 to 20; null for neither.
    /// </summary>
    public int? Logprobs { get; init; }

    /// <summary>Texts that end a choice and are not part of it; none is empty.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Choices per prompt, at least 1: choice <c>c</c> of prompt <c>p</c> has the index <c>p · Choices + c</c>.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Choices made per prompt, of which the <see cref="Choices"/> most likely are given; null for no more than those.</summary>
    public int? BestOf { get; init; }

    /// <summary>What of the context is kept; null leaves it to the source.</summary>
    public ContextWindow? Keep { get; init; }

    /// <summary>Whether the source shall keep the prompt cached longer than others.</summary>
    public bool KeepPromptCached { get; init; }

    /// <summary>Prompts of different salts share no cached blocks; null leaves it to who passes the request on.</summary>
    public string? CacheSalt { get; init; }

    public bool Stream { get; init; }

    /// <summary>Whether a stream ends with a usage frame.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Whether the source puts a plain prompt before its continuation, as text.</summary>
    public bool Echo { get; init; }

    /// <summary>The client's own name for its user.</summary>
    public string? User { get; init; }

    /// <summary>Choices of the whole answer, each of which ends with its own finish reason.</summary>
    public int TotalChoices => Choices * (Prompts?.Count ?? 1);
}
