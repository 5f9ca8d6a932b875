using System.Runtime.CompilerServices;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// A pool as a source: whoever asks it asks one of its members, by the pool's policy. Retries, fallbacks and hedges happen until the first
/// event of a stream, or within the whole of an answer in one body; what fails after that fails the answer.
/// </summary>
public sealed class PoolSource : ICompletionSource, IEmbeddingSource, IScoringSource
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

    public bool Embeds => _state.Router.Members.Any(member => MakesEmbeddings(member.Endpoint));

    public bool Scores => _state.Router.Members.Any(member => ScoresLabels(member.Endpoint));

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
            if (families.OnlyCounts)
                exact ??= await CountAsync(families, context, cancellation).ConfigureAwait(false);
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
        (PoolBooking booking, Attempt answer) = await (Fallbacks.Count == 0
            ? StartAsync(request, cancellation) : StartAnywhereAsync(request, cancellation)).ConfigureAwait(false);
        using (booking)
        {
            await using var stopping = answer.ConfigureAwait(false);
            yield return answer.Current;
            while (await booking.WatchAsync(answer.NextAsync()).ConfigureAwait(false))
                yield return answer.Current;
        }
    }

    public Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!Embeds)
            throw Unsupported("makes no embeddings");
        var query = new Query(new RouteRequest(null, context, TokenEstimate.OfPrompt(request.Body.Length))) { IsAble = MakesEmbeddings };
        return new WholeTries(_state, query, _metrics, GenAiNames.Embeddings).RunAsync(
            (endpoint, own, ended) => ((IEmbeddingSource)endpoint.Source).EmbedAsync(request, own, ended),
            result => result.Usage.TotalTokens > 0 ? result.Usage : null, cancellation);
    }

    public Task<ScoringResult> ScoreAsync(ScoringRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!Scores)
            throw Unsupported("scores no labels");
        var query = new Query(new RouteRequest(null, context, TokenEstimate.OfPrompt(request))) { IsAble = ScoresLabels };
        return new WholeTries(_state, query, _metrics, GenAiNames.Classification).RunAsync(
            (endpoint, own, ended) => ((IScoringSource)endpoint.Source).ScoreAsync(request, own, ended), result => result.Usage, cancellation);
    }

    private static bool MakesEmbeddings(Endpoint endpoint) => endpoint.Source is IEmbeddingSource { Embeds: true };

    private static bool ScoresLabels(Endpoint endpoint) => endpoint.Source is IScoringSource { Scores: true };

    private InvalidRequestException Unsupported(string what) =>
        new($"The model '{Name}' {what}; name another one.", "model", "unsupported_model");

    /// <summary>
    /// Prepares once for all engines, where what they have cached decides, or where an engine answers anyway; else only when one was chosen.
    /// </summary>
    /// <exception cref="InvalidRequestException">No member can answer such a request.</exception>
    private async ValueTask<Prepared?> PrepareExactAsync(FamilyPreparations families, CancellationToken cancellation)
    {
        IReadOnlyList<Member> members = _state.Router.Members;
        Member[] engines = [.. members.Where(member => member.Endpoint.Source is IAlikeSource)];
        bool useful = families.OnlyCounts || _state.Config.Policy == "prefix" || engines.Length == members.Count;
        Prepared? exact = null;
        UnableException? unable = null;
        foreach (Member member in useful ? engines : [])
        {
            try
            {
                exact = await families.PrepareAsync(member.Endpoint, default, cancellation).ConfigureAwait(false);
            }
            catch (UnableException fault)
            {
                unable = fault; // another may
            }
        }
        if (unable is not null && !members.Any(member => families.IsAble(member.Endpoint)))
            throw unable.Reason;
        return exact;
    }

    /// <summary>Asks the members how many tokens the prompt has.</summary>
    private Task<Prepared> CountAsync(FamilyPreparations families, RequestContext context, CancellationToken cancellation) =>
        new WholeTries(
            _state, new Query(new RouteRequest(null, context, promptTokens: 0)) { IsAble = families.IsAble }, _metrics, GenAiNames.Count)
            .RunAsync(
                (endpoint, own, ended) => families.PrepareAsync(endpoint, own.Trace, ended).AsTask(), _ => new Usage(0, 0, 0), cancellation);

    /// <summary>Starts the answer here or in a fallback.</summary>
    private async Task<(PoolBooking Booking, Attempt Answer)> StartAnywhereAsync(PoolPrepared request, CancellationToken cancellation)
    {
        try
        {
            return await StartAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (Tries.IsWorthAnother(fault, cancellation))
        {
            foreach (PoolSource pool in Fallbacks)
            {
                _metrics.CountFallback(Name);
                try
                {
                    return await pool.StartAsync(request, cancellation).ConfigureAwait(false);
                }
                catch (Exception also) when (also is InvalidRequestException || Tries.IsWorthAnother(also, cancellation))
                {
                    // The next one may; it is counted with its pool, and the first pool's reason is the one to tell.
                }
            }
            throw;
        }
    }

    private async Task<(PoolBooking Booking, Attempt Answer)> StartAsync(PoolPrepared request, CancellationToken cancellation)
    {
        PoolBooking booking = PoolBooking.Enter(_state, request.Route, _metrics);
        try
        {
            var tries = new Tries(_state, request.Query, _metrics);
            Attempt answer = await tries.RunAsync(lease => RaceAsync(lease, tries, request, cancellation), cancellation).ConfigureAwait(false);
            booking.Follow(answer);
            if (answer.FirstSeconds is { } seconds)
                _state.FirstTokens.Add(seconds);
            if (answer.WholeSeconds is { } whole)
                _state.Answers.Add(whole);
            return (booking, answer);
        }
        catch (Exception fault)
        {
            booking.Fail(fault);
            booking.Dispose();
            throw;
        }
    }

    private Task<Attempt> RaceAsync(Lease lease, Tries tries, PoolPrepared request, CancellationToken cancellation)
    {
        bool streams = request.Request.Head.Stream;
        Attempt first = Begin(lease);
        return _state.MayHedge(streams)
            ? Race.RunAsync(first, () => _state.HedgeDelay(streams), BeginHedge, _state.Time, cancellation) : first.First;

        Attempt Begin(Lease taken) => new(taken, request, _metrics, _state.Time, cancellation);

        Attempt? BeginHedge()
        {
            if (tries.TakeForHedge() is not { } second)
                return null;
            _metrics.CountHedge(Name);
            return Begin(second);
        }
    }
}
