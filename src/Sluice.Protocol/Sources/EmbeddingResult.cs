namespace Sluice.Protocol.Sources;

/// <param name="Embeddings">One for each input, in its order, each of length 1.</param>
/// <param name="Usage">Tokens of all inputs.</param>
public sealed record EmbeddingResult(IReadOnlyList<float[]> Embeddings, Usage Usage);
