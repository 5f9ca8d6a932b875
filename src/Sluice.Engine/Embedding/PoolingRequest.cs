using Sluice.Engine.Requests;
using Sluice.Models;

namespace Sluice.Engine.Embedding;

/// <summary>A text to embed. Its prompt may fill the whole context: nothing is generated.</summary>
public sealed record PoolingRequest
{
    /// <summary>From <see cref="LlmEngine.Prepare"/>.</summary>
    public required Prompt Prompt { get; init; }

    public required Pooling Pooling { get; init; }

    /// <inheritdoc cref="GenerationRequest.Priority"/>
    public int Priority { get; init; }

    /// <inheritdoc cref="GenerationRequest.Deadline"/>
    public DateTimeOffset? Deadline { get; init; }

    /// <inheritdoc cref="GenerationRequest.Tenant"/>
    public string? Tenant { get; init; }
}
