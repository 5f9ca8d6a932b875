using System.Diagnostics.Metrics;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using static Sluice.Gateway.Pools.Instruments;

namespace Sluice.Gateway.Pools;

/// <summary>
/// What pools and their sources measure. Labels are names of the configuration, never of a client, so the number of series is bounded by
/// the file.
/// </summary>
public sealed class PoolMetrics : IDisposable
{
    private readonly Counter<long> _requests;
    private readonly Counter<long> _tries;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _dry;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _tokens;
    private readonly Histogram<double> _first;
    private readonly Histogram<double> _token;
    private volatile IReadOnlyList<PoolState> _pools = [];

    public PoolMetrics()
    {
        _requests = Count("sluice.pool.requests", "Requests to a pool by how they ended; one that is passed on to a fallback counts in both.");
        _tries = Count("sluice.source.requests", "Requests sent to a source by how they ended; retries and hedges each count.");
        _retries = Count("sluice.pool.retries", "Requests that were tried again after a source failed.");
        _dry = Count("sluice.pool.retries_refused", "Failures passed on because the retry budget was spent.");
        _hedges = Count("sluice.pool.hedges", "Requests for which a second source was asked because the first kept silent.");
        _fallbacks = Count("sluice.pool.fallbacks", "Requests passed on to a fallback pool.");
        _tokens = Count("sluice.source.tokens", "Tokens of finished answers by kind: prompt, cached (of the prompt), completion.");
        _first = Meter.CreateTimes(
            "sluice.source.time_to_first_token", "Time from sending a request to the first event of its stream.", FirstSeconds);
        _token = Meter.CreateTimes("sluice.source.time_per_token", "Mean time between the tokens of a stream.", TokenSeconds);
        ObserveEndpoints("sluice.source.in_flight", "Requests sent to a source that have not ended.", e => e.InFlight);
        ObserveEndpoints("sluice.source.pending_tokens", "Prompt tokens sent whose answer has not begun.", e => e.PendingTokens);
        Meter.CreateObservableGauge("sluice.source.up", ReadHealth, null, "1 where the source's probes are well, or it has none.");
        Meter.CreateObservableGauge("sluice.pool.breaker", ReadBreakers, null, "0 closed, 1 being probed, 2 open.");
    }

    public Meter Meter { get; } = new("Sluice.Gateway");

    /// <summary>The same told by OpenTelemetry's names, try by try.</summary>
    internal GenAiTelemetry GenAi { get; } = new();

    public void Dispose()
    {
        Meter.Dispose();
        GenAi.Dispose();
    }

    internal void Watch(IReadOnlyList<PoolState> pools) => _pools = pools;

    internal void CountRequest(string pool, string outcome) => _requests.Add(1, Tag("pool", pool), Tag("outcome", outcome));

    internal void CountRetry(string pool) => _retries.Add(1, Tag("pool", pool));

    internal void CountDryBudget(string pool) => _dry.Add(1, Tag("pool", pool));

    internal void CountHedge(string pool) => _hedges.Add(1, Tag("pool", pool));

    internal void CountFallback(string pool) => _fallbacks.Add(1, Tag("pool", pool));

    internal void CountTry(Endpoint endpoint, string outcome) => _tries.Add(1, Tag("source", endpoint.Name), Tag("outcome", outcome));

    internal void RecordFirst(Endpoint endpoint, double seconds) => _first.Record(seconds, Tag("source", endpoint.Name));

    /// <param name="answering">From the first event to the last; null where the first was not seen.</param>
    internal void RecordAnswer(Endpoint endpoint, Usage usage, TimeSpan? answering)
    {
        if (usage.CompletionTokens > 1 && answering > TimeSpan.Zero)
            _token.Record(answering.Value.TotalSeconds / (usage.CompletionTokens - 1), Tag("source", endpoint.Name));
        _tokens.Add(usage.PromptTokens, Tag("source", endpoint.Name), Tag("kind", "prompt"));
        _tokens.Add(usage.CachedTokens, Tag("source", endpoint.Name), Tag("kind", "cached"));
        _tokens.Add(usage.CompletionTokens, Tag("source", endpoint.Name), Tag("kind", "completion"));
    }

    /// <summary>One of a few words for how a request ended.</summary>
    internal static string OutcomeOf(Exception fault) => fault switch
    {
        InvalidRequestException or UnableException => "invalid",
        OperationCanceledException => "cancelled",
        SourceException { Reason: SourceFailure.Busy } => "busy",
        SourceException { Reason: SourceFailure.Unavailable } => "unavailable",
        SourceException { Reason: SourceFailure.Late } => "late",
        _ => "failed",
    };

    private Counter<long> Count(string name, string help) => Meter.CreateCounter<long>(name, null, help);

    private void ObserveEndpoints(string name, string help, Func<Endpoint, long> read) => Meter.CreateObservableGauge(
        name, () => _pools.SelectMany(pool => pool.Router.Members).Select(member => member.Endpoint).GroupBy(endpoint => endpoint.Name)
            .Select(same => new Measurement<long>(same.Distinct().Sum(read), Tag("source", same.Key))), null, help);

    private IEnumerable<Measurement<long>> ReadHealth() => _pools.SelectMany(pool => pool.Sources).Distinct()
        .Select(source => new Measurement<long>(source.Health.IsUp ? 1 : 0, Tag("source", source.Config.Name)));

    private IEnumerable<Measurement<long>> ReadBreakers() =>
        from pool in _pools
        from member in pool.Router.Members
        group member by (Pool: pool.Config.Name, Source: member.Endpoint.Name) into same
        select new Measurement<long>((long)same.Max(member => member.Breaker.State), Tag("pool", same.Key.Pool), Tag("source", same.Key.Source));
}
