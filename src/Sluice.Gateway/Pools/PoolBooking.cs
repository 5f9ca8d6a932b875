using Sluice.Gateway.Routing;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>One request's place within the limits of its pool, and the count of how it ended.</summary>
internal sealed class PoolBooking : IDisposable
{
    private readonly PoolState _pool;
    private readonly PoolMetrics _metrics;
    private readonly int _estimated;
    private string _outcome = "cancelled"; // who leaves in the middle says nothing
    private Attempt? _answer;
    private long _used;

    private PoolBooking(PoolState pool, PoolMetrics metrics, int estimated) => (_pool, _metrics, _estimated) = (pool, metrics, estimated);

    /// <exception cref="SourceException">The pool's limits are reached.</exception>
    public static PoolBooking Enter(PoolState pool, RouteRequest request, PoolMetrics metrics)
    {
        int tokens = request.PromptTokens + request.AnswerTokens;
        if (pool.Limits.TryEnter(tokens, out TimeSpan pause))
            return new PoolBooking(pool, metrics, tokens);
        metrics.CountRequest(pool.Config.Name, "limited");
        throw new SourceException(SourceFailure.Busy, $"The limits of '{pool.Config.Name}' are reached; come back later.", pause);
    }

    /// <summary>The answer has begun; what it uses is read from it at the end.</summary>
    public void Follow(Attempt answer) => _answer = answer;

    /// <summary>Waits for the next event and notes whether it was the last, or a fault.</summary>
    public async ValueTask<bool> WatchAsync(ValueTask<bool> next)
    {
        try
        {
            bool any = await next.ConfigureAwait(false);
            if (!any)
                _outcome = "ok";
            return any;
        }
        catch (Exception fault)
        {
            Fail(fault);
            throw;
        }
    }

    /// <param name="usage">Null where nobody told it; then the estimate stands.</param>
    public void Complete(Usage? usage) => (_used, _outcome) = (usage?.TotalTokens ?? _estimated, "ok");

    public void Fail(Exception fault) => _outcome = PoolMetrics.OutcomeOf(fault);

    public void Dispose()
    {
        _pool.Limits.Leave(_estimated, _answer?.UsedTokens ?? _used);
        _metrics.CountRequest(_pool.Config.Name, _outcome);
    }
}
