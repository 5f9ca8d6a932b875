using Sluice.Gateway.Configuration;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// The tries of one request in one pool, until one member has begun to answer: others after a failure, as often as the pool's attempts and
/// its budget allow. What a try has shown to the client is never tried again; that is for the caller to keep.
/// </summary>
internal sealed class Tries(PoolState pool, RouteRequest request, Func<Endpoint, Outlook?> look, PoolMetrics metrics)
{
    private readonly List<Member> _tried = [];

    /// <summary>Runs the tries.</summary>
    /// <param name="tryOne">Tries it on one member; a fault that another member might not have leads to the next try.</param>
    /// <exception cref="SourceException">No member could take it, or the last one that tried failed.</exception>
    public async Task<T> RunAsync<T>(Func<Lease, Task<T>> tryOne, CancellationToken cancellation)
    {
        RetryConfig retry = pool.Config.Retry;
        Exception? last = null;
        pool.Budget.Deposit();
        for (int attempt = 0; attempt < retry.Attempts; attempt++)
        {
            if (attempt > 0 && !await MayRetryAsync(attempt, cancellation).ConfigureAwait(false))
                break;
            if (TakeAny(last, out Refusal refusal) is not { } lease)
                throw last ?? refusal.ToException(pool.Config.Name);
            try
            {
                return await tryOne(lease).ConfigureAwait(false);
            }
            catch (Exception fault) when (IsWorthAnother(fault, cancellation))
            {
                last = fault;
            }
        }
        throw last!;
    }

    /// <summary>A member for a hedge; null where nobody else can, or the budget is spent.</summary>
    public Lease? TakeForHedge() => pool.Budget.TrySpend() ? Take(_tried, out _) : null;

    /// <summary>A fault that is the client's own, or its leaving, is the same everywhere.</summary>
    public bool IsWorthAnother(Exception fault, CancellationToken cancellation) =>
        fault is not InvalidRequestException && !cancellation.IsCancellationRequested
        && !(request.Context.Deadline <= pool.Time.GetUtcNow());

    private async Task<bool> MayRetryAsync(int attempt, CancellationToken cancellation)
    {
        if (!pool.Budget.TrySpend())
        {
            metrics.CountDryBudget(pool.Config.Name);
            return false;
        }
        metrics.CountRetry(pool.Config.Name);
        TimeSpan pause = pool.Config.Retry.Pause * (1 << (attempt - 1)) * pool.Chance.Share();
        await Task.Delay(pause, pool.Time, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Somebody new if there is one, else one that failed and may do better now.</summary>
    private Lease? TakeAny(Exception? last, out Refusal refusal)
    {
        bool mayDoBetter = _tried.Count > 0 && last is not SourceException { Reason: SourceFailure.Refused };
        return Take(_tried, out refusal) ?? (mayDoBetter ? Take([], out refusal) : null);
    }

    private Lease? Take(IReadOnlyCollection<Member> without, out Refusal refusal)
    {
        Lease? lease = pool.Router.TryRoute(request, without, look, out refusal);
        if (lease is not null)
            _tried.Add(lease.Member);
        return lease;
    }
}
