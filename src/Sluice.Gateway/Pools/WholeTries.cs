using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>The tries of one request whose answer is known at once or not at all: embeddings, scores, a count of tokens.</summary>
/// <param name="operation">What is asked for, in OpenTelemetry's words.</param>
internal sealed class WholeTries(PoolState pool, Query query, PoolMetrics metrics, string operation)
{
    /// <param name="ask">Asks one endpoint, within the context of this try.</param>
    /// <param name="usageOf">What an answer used; null where nobody told.</param>
    /// <exception cref="SourceException">No member could take it, or the last one that tried failed.</exception>
    public async Task<T> RunAsync<T>(
        Func<Endpoint, RequestContext, CancellationToken, Task<T>> ask, Func<T, Usage?> usageOf, CancellationToken cancellation)
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
        Lease lease, Func<Endpoint, RequestContext, CancellationToken, Task<T>> ask, Func<T, Usage?> usageOf, CancellationToken cancellation)
    {
        using var limits = new TimeLimits(lease.Endpoint, query.Request.Context, pool.Time, cancellation);
        limits.AwaitEndOnly();
        GenAiCall? call = metrics.GenAi.Begin(lease.Endpoint, operation, query.Request, pool.Time);
        RequestContext context = query.Request.Context;
        try
        {
            RequestContext own = lease.Endpoint.Limit(call is null ? context : context with { Trace = call.Trace });
            T answer = await ask(lease.Endpoint, own, limits.Token).ConfigureAwait(false);
            lease.Succeed(usageOf(answer), TimeSpan.Zero);
            call?.Succeed(usageOf(answer), answering: null);
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
            string outcome = PoolMetrics.OutcomeOf(told);
            metrics.CountTry(lease.Endpoint, outcome);
            call?.Fail(outcome);
            if (told != fault)
                throw told;
            throw;
        }
    }
}
