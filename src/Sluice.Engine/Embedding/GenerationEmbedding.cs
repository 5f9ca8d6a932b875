using Sluice.Engine.Requests;

namespace Sluice.Engine.Embedding;

/// <summary>Reads a generation that was submitted for an embedding.</summary>
public static class GenerationEmbedding
{
    /// <summary>Its one event: the finish, with the embedding unless something else ended it. Cancelling aborts the generation.</summary>
    public static async Task<GenerationEvent> ReadEmbeddingAsync(this Generation generation, CancellationToken cancellation = default)
    {
        using var _ = generation; // aborts on every way out; after the finish that is nothing
        await using var registration = cancellation.UnsafeRegister(static g => ((Generation)g!).Abort(), generation);
        await foreach (var e in generation.ReadAllAsync(cancellation).ConfigureAwait(false))
            return e;
        throw new InvalidOperationException("the generation's events were read before");
    }
}
