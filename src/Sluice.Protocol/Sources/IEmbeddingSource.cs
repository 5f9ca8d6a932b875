using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Sources;

/// <summary>Turns texts into vectors. All of them come at once, so there is no stream.</summary>
public interface IEmbeddingSource : ISource
{
    /// <summary>False where it has the role but what stands behind it does not: no request for embeddings is sent to it.</summary>
    bool Embeds => true;

    /// <summary>Embeds every input or throws. Cancelling stops the work.</summary>
    /// <exception cref="InvalidRequestException">This source cannot embed such inputs.</exception>
    /// <exception cref="SourceException">The source could not start or failed.</exception>
    Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, RequestContext context, CancellationToken cancellation);
}
