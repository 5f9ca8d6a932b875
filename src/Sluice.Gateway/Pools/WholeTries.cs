using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>The tries of one request whose answer is known at once or not at all: embeddings, scores, a count of tokens.</summary>
internal sealed class WholeTries(PoolState pool, Query query, PoolMetrics metrics)
{
    /// <param name="ask">Asks one endpoint.</param>
    /// <param name="usageOf">What an answer used; null where nobody told.</param>
    /// <exception cref="SourceException">No member could take it, or the last one that tried failed.</exception>
    public async Task<T> RunAsync<T>(
        Func<Endpoint, CancellationToken, Task<T>> ask, Func<T, Usage?> usageOf, CancellationToken cancellation)
    {
        using var booking = PoolBooking.Enter(pool, query.Request, metrics);
        try
        {
            T answer = await new Tries(pool, query, metrics).RunAsync(lease => TryAsync(lease, ask, usageOf, cancellation), cancellation)
                .ConfigureAwait(false);
            booking.Complete(usageOf(answer));
            return answer;
        }
        catch (Exception fault)
        {
            booking.Fail(fault);
            throw;
        }
    }

    private async Task<T> TryAsync<T>(
        Lease lease, Func<Endpoint, CancellationToken, Task<T>> ask, Func<T, Usage?> usageOf, CancellationToken cancellation)
    {
        using var limits = new TimeLimits(lease.Endpoint, query.Request.Context, pool.Time, cancellation);
        limits.AwaitEndOnly();
        try
        {
            T answer = await ask(lease.Endpoint, limits.Token).ConfigureAwait(false);
            lease.Succeed(usageOf(answer), TimeSpan.Zero);
            metrics.CountTry(lease.Endpoint, "ok");
            if (usageOf(answer) is { } usage)
                metrics.RecordAnswer(lease.Endpoint, usage, answering: null);
            return answer;
        }
        catch (Exception fault)
        {
            Exception told = limits.Explain(fault);
            if (told is OperationCanceledException)
                lease.Abandon(0);
            else
                lease.Fail(told);
            metrics.CountTry(lease.Endpoint, PoolMetrics.OutcomeOf(told));
            if (told != fault)
                throw told;
            throw;
        }
    }
}
