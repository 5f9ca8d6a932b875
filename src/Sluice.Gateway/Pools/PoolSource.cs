using System.Runtime.CompilerServices;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// A pool as a source: whoever asks it asks one of its members, by the pool's policy. Retries, fallbacks and hedges happen until the first
/// event of a stream, or within the whole of an answer in one body; what fails after that fails the answer.
/// </summary>
public sealed class PoolSource : ICompletionSource, IEmbeddingSource
{
    private readonly PoolState _state;
    private readonly PoolMetrics _metrics;

    internal PoolSource(PoolState state, PoolMetrics metrics, DateTimeOffset created)
    {
        (_state, _metrics) = (state, metrics);
        Info = new SourceInfo(state.Config.Name, [state.Config.Name], created);
    }

    public SourceInfo Info { get; }

    /// <summary>Members differ; each checks for itself.</summary>
    public SourceCapabilities Capabilities { get; } = new(ContextTokens: null, Chat: true);

    /// <summary>Asked in this order where this pool cannot answer; set once, while the snapshot is built.</summary>
    internal IReadOnlyList<PoolSource> Fallbacks { get; set; } = [];

    internal PoolState State => _state;

    private string Name => _state.Config.Name;

    public async ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation)
    {
        var families = new FamilyPreparations(request, context);
        try
        {
            Prepared? exact = await PrepareExactAsync(families, cancellation).ConfigureAwait(false);
            int tokens = exact?.PromptTokens ?? TokenEstimate.OfPrompt(request.Body.Length);
            return new PoolPrepared(request, context, families)
            {
                PromptTokens = tokens,
                PrefixBlocks = exact?.PrefixBlocks ?? default,
                CachedTokens = exact?.CachedTokens ?? 0,
                QueuedTokens = exact?.QueuedTokens ?? 0,
                ExpectedWait = exact?.ExpectedWait,
                Route = new RouteRequest(request, context, tokens),
            };
        }
        catch
        {
            families.Dispose();
            throw;
        }
    }

    public async IAsyncEnumerable<CompletionEvent> CompleteAsync(
        Prepared prepared, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = (PoolPrepared)prepared;
        using var booking = PoolBooking.Enter(_state, request.Route, _metrics);
        Attempt answer = await StartAsync(request, booking, cancellation).ConfigureAwait(false);
        await using var stopping = answer.ConfigureAwait(false);
        _state.FirstTokens.Add(answer.FirstSeconds);
        yield return answer.Current;
        while (await booking.WatchAsync(answer.NextAsync(), answer).ConfigureAwait(false))
            yield return answer.Current;
    }

    public async Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!_state.Router.Members.Any(member => member.Endpoint.Source is IEmbeddingSource))
            throw new InvalidRequestException($"The model '{Name}' makes no embeddings; name another one.", "model", "unsupported_model");
        var route = new RouteRequest(null, context, TokenEstimate.OfPrompt(request.Body.Length));
        using var booking = PoolBooking.Enter(_state, route, _metrics);
        var tries = new Tries(_state, route, _ => null, _metrics);
        Task<EmbeddingResult> answer = tries.RunAsync(lease => Embedding.TryAsync(lease, request, context, _metrics, cancellation), cancellation);
        return await booking.WatchAsync(answer).ConfigureAwait(false);
    }

    /// <summary>
    /// Prepares once for all engines, where what they have cached decides, or where an engine answers anyway; else only when one was chosen.
    /// </summary>
    private async ValueTask<Prepared?> PrepareExactAsync(FamilyPreparations families, CancellationToken cancellation)
    {
        IReadOnlyList<Member> members = _state.Router.Members;
        if (families.OnlyCounts)
            return await families.PrepareAsync(members.MinBy(member => member.Endpoint.Source is IAlikeSource ? 0 : 1)!.Endpoint, cancellation)
                .ConfigureAwait(false);
        bool useful = _state.Config.Policy == "prefix" || members.All(member => member.Endpoint.Source is IAlikeSource);
        Prepared? exact = null;
        foreach (Member member in useful ? members : [])
        {
            if (member.Endpoint.Source is IAlikeSource)
                exact = await families.PrepareAsync(member.Endpoint, cancellation).ConfigureAwait(false);
        }
        return exact;
    }

    private async Task<Attempt> StartAsync(PoolPrepared request, PoolBooking booking, CancellationToken cancellation)
    {
        var tries = new Tries(_state, request.Route, request.Families.Look, _metrics);
        try
        {
            return await tries.RunAsync(lease => RaceAsync(lease, _state, tries, request, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Attempt? other = tries.IsWorthAnother(fault, cancellation)
                ? await TryFallbacksAsync(request, cancellation).ConfigureAwait(false) : null;
            if (other is not null)
                return other;
            booking.Fail(fault);
            throw;
        }
    }

    /// <returns>Null where none of them could answer either; the first pool's reason is the one to tell.</returns>
    private async Task<Attempt?> TryFallbacksAsync(PoolPrepared request, CancellationToken cancellation)
    {
        foreach (PoolSource pool in Fallbacks)
        {
            _metrics.CountFallback(Name);
            var tries = new Tries(pool._state, request.Route, request.Families.Look, _metrics);
            try
            {
                return await tries.RunAsync(lease => RaceAsync(lease, pool._state, tries, request, cancellation), cancellation)
                    .ConfigureAwait(false);
            }
            catch (Exception fault) when (tries.IsWorthAnother(fault, cancellation))
            {
                // The next one may; what failed is counted with its source.
            }
        }
        return null;
    }

    private Task<Attempt> RaceAsync(Lease lease, PoolState pool, Tries tries, PoolPrepared request, CancellationToken cancellation)
    {
        return Race.RunAsync(Begin(lease), request.Request.Head.Stream ? pool.HedgeDelay : null, BeginHedge, pool.Time, cancellation);

        Attempt Begin(Lease taken) => new(taken, request, _metrics, pool.Time, cancellation);

        Attempt? BeginHedge()
        {
            if (tries.TakeForHedge() is not { } second)
                return null;
            _metrics.CountHedge(pool.Config.Name);
            return Begin(second);
        }
    }
}
