using Sluice.Engine.Requests;

namespace Sluice.Engine.Labels;

/// <summary>Asks how likely each of some labels is to be all that follows a prompt. Nothing is generated.</summary>
public sealed record LabelRequest
{
    /// <summary>From <see cref="LlmEngine.Prepare"/>.</summary>
    public required Prompt Prompt { get; init; }

    /// <summary>The tokens of each label; at least one label of at least one token.</summary>
    public required IReadOnlyList<int[]> Labels { get; init; }

    /// <summary>Tokens that end an answer: a label counts with one of them behind it.</summary>
    public required IReadOnlySet<int> EndTokens { get; init; }

    /// <inheritdoc cref="GenerationRequest.Priority"/>
    public int Priority { get; init; }

    /// <inheritdoc cref="GenerationRequest.Deadline"/>
    public DateTimeOffset? Deadline { get; init; }

    /// <inheritdoc cref="GenerationRequest.Tenant"/>
    public string? Tenant { get; init; }
}
