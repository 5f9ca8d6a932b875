namespace Sluice.Protocol.Requests;

/// <summary>The common view of a request for embeddings. Ranges hold for every view that a dialect made.</summary>
public sealed record EmbeddingView
{
    public required string Model { get; init; }

    /// <summary>What to embed, at least one.</summary>
    public required IReadOnlyList<PromptInput> Inputs { get; init; }

    /// <summary>Leading values of each embedding to keep, at least 1; null keeps all.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Whether embeddings go out as base64 of little-endian floats instead of arrays of numbers.</summary>
    public bool AsBase64 { get; init; }
}
