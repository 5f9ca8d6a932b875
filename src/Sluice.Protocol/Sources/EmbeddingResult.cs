namespace Sluice.Protocol.Sources;

/// <param name="Embeddings">One for each input, in its order, each of length 1; empty where they are in <paramref name="Raw"/>.</param>
/// <param name="Usage">Tokens of all inputs.</param>
/// <param name="Raw">The whole answer as a remote source sent it, to be relayed as bytes; empty where there is none.</param>
public sealed record EmbeddingResult(IReadOnlyList<float[]> Embeddings, Usage Usage, ReadOnlyMemory<byte> Raw = default);
