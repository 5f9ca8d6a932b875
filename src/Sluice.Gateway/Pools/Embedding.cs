using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>One try of a request for embeddings on one endpoint.</summary>
internal static class Embedding
{
    public static async Task<EmbeddingResult> TryAsync(
        Lease lease, EmbeddingRequest request, RequestContext context, PoolMetrics metrics, CancellationToken cancellation)
    {
        try
        {
            IEmbeddingSource source = lease.Endpoint.Source as IEmbeddingSource ?? throw new SourceException(
                SourceFailure.Unavailable, $"'{lease.Endpoint.Name}' makes no embeddings.");
            EmbeddingResult result = await source.EmbedAsync(request, context, cancellation).ConfigureAwait(false);
            metrics.RecordFirst(lease.Endpoint, lease.ObserveFirst());
            lease.Succeed(result.Usage, TimeSpan.Zero);
            metrics.CountTry(lease.Endpoint, "ok");
            return result;
        }
        catch (Exception fault)
        {
            if (cancellation.IsCancellationRequested)
                lease.Abandon(0);
            else
                lease.Fail(fault);
            metrics.CountTry(lease.Endpoint, PoolMetrics.OutcomeOf(fault));
            throw;
        }
    }
}
