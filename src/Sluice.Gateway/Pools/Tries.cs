using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// The tries of one request in one pool, until one member has begun to answer: others after a failure, as often as the pool's attempts and
/// its budget allow. What a try has shown to the client is never tried again; that is for the caller to keep.
/// </summary>
internal sealed class Tries(PoolState pool, Query query, PoolMetrics metrics)
{
    private readonly List<Member> _tried = [];

    /// <summary>Runs the tries.</summary>
    /// <param name="tryOne">Tries it on one member; a fault that another member might not have leads to the next try.</param>
    /// <exception cref="SourceException">No member could take it, or the last one that tried failed.</exception>
    /// <exception cref="InvalidRequestException">No member can answer such a request, or one found a mistake in it.</exception>
    public async Task<T> RunAsync<T>(Func<Lease, Task<T>> tryOne, CancellationToken cancellation)
    {
        Exception? last = null;
        UnableException? unable = null;
        pool.Deposit();
        for (int failed = 0; failed < pool.Config.Retry.Attempts;)
        {
            (Lease? lease, Refusal refusal) = failed == 0 ? Take(last) : await TakeAgainAsync(failed, last, cancellation).ConfigureAwait(false);
            if (lease is null)
                throw last ?? (unable is not null && !IsAnyoneAble ? unable.Reason : refusal.ToException(pool.Config.Name));
            try
            {
                return await tryOne(lease).ConfigureAwait(false);
            }
            catch (UnableException fault)
            {
                unable = fault; // nothing was sent, so it was no try
            }
            catch (Exception fault) when (IsWorthAnother(fault, cancellation))
            {
                last = fault;
                failed++;
            }
        }
        throw last!;
    }

    /// <summary>A member for a hedge; null where nobody else can, or the budget is spent.</summary>
    public Lease? TakeForHedge()
    {
        bool paid = pool.HedgeBudget.TrySpend();
        if (!paid && !pool.TryHedgeUnpaid(query.Request.Streams))
            return null;
        Lease? lease = TakeWithout(_tried, out _) ?? (pool.Config.Hedge is { AsksSameAgain: true } ? TakeWithout(Engines, out _) : null);
        if (lease is null && paid)
            pool.HedgeBudget.GiveBack();
        return lease;
    }

    /// <summary>A fault that is the client's own, its leaving, or time that it has no more of, is the same everywhere.</summary>
    public static bool IsWorthAnother(Exception fault, CancellationToken cancellation) =>
        fault is not (InvalidRequestException or SourceException { Reason: SourceFailure.Late }) && !cancellation.IsCancellationRequested;

    // An engine that is slow now is as slow with the same request once more.
    private Member[] Engines => [.. pool.Router.Members.Where(member => member.Endpoint.Source is IAlikeSource)];

    private bool IsAnyoneAble => pool.Router.Members.Any(member => query.IsAble(member.Endpoint));

    /// <returns>Null where the budget is spent or nobody can take it, which costs nothing.</returns>
    private async Task<(Lease? Lease, Refusal Refusal)> TakeAgainAsync(int failed, Exception? last, CancellationToken cancellation)
    {
        if (!pool.Budget.TrySpend())
        {
            metrics.CountDryBudget(pool.Config.Name);
            return default;
        }
        TimeSpan pause = pool.Config.Retry.Pause * (1 << (failed - 1)) * pool.Chance.Share();
        await Task.Delay(pause, pool.Time, cancellation).ConfigureAwait(false);
        (Lease? lease, Refusal refusal) = Take(last);
        if (lease is null)
            pool.Budget.GiveBack();
        else
            metrics.CountRetry(pool.Config.Name);
        return (lease, refusal);
    }

    /// <summary>Somebody new if there is one, else one that failed and may do better now.</summary>
    private (Lease? Lease, Refusal Refusal) Take(Exception? last)
    {
        bool mayDoBetter = _tried.Count > 0 && last is not SourceException { Reason: SourceFailure.Refused };
        Lease? lease = TakeWithout(_tried, out Refusal refusal) ?? (mayDoBetter ? TakeWithout([], out refusal) : null);
        return (lease, refusal);
    }

    private Lease? TakeWithout(IReadOnlyCollection<Member> without, out Refusal refusal)
    {
        Lease? lease = pool.Router.TryRoute(query, without, out refusal);
        if (lease is not null)
            _tried.Add(lease.Member);
        return lease;
    }
}
