using System.Diagnostics;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// What sources prepared for one request. An engine's preparation serves its whole family, so that comparing replicas, retrying and hedging
/// tokenise nothing again; a source elsewhere prepares each try, which has a trace of its own. Safe from any thread: tries of one request may
/// run side by side.
/// </summary>
internal sealed class FamilyPreparations(Request request, RequestContext context) : IDisposable
{
    private readonly Dictionary<object, Prepared> _byFamily = [];
    private readonly List<Prepared> _single = []; // of sources elsewhere, one for each try
    private readonly Dictionary<object, UnableException> _unable = [];
    private bool _disposed;

    /// <summary>Whether the preparation is all that is asked for: how many tokens the prompt has.</summary>
    public bool OnlyCounts => request.Dialect is AnthropicMessagesDialect { Counts: true };

    /// <summary>What an endpoint says of this request; null where it was not prepared for it, or cannot be asked.</summary>
    public Outlook? Look(Endpoint endpoint)
    {
        if (endpoint.Source is not IAlikeSource alike)
            return null;
        Prepared? known;
        lock (_byFamily)
            known = _byFamily.GetValueOrDefault(alike.Family);
        return known is null ? null : alike.Look(known);
    }

    /// <summary>False once its family has found that it cannot answer this request.</summary>
    public bool IsAble(Endpoint endpoint)
    {
        lock (_byFamily)
            return !_unable.ContainsKey(FamilyOf(endpoint));
    }

    /// <summary>What this endpoint can complete; this object disposes it.</summary>
    /// <param name="trace">What a source elsewhere is told of the trace; the request's own where there is none.</param>
    /// <exception cref="UnableException">The endpoint cannot answer such a request.</exception>
    public async ValueTask<Prepared> PrepareAsync(Endpoint endpoint, ActivityContext trace, CancellationToken cancellation)
    {
        object family = FamilyOf(endpoint);
        lock (_byFamily)
        {
            if (_byFamily.TryGetValue(family, out Prepared? known))
                return known;
            if (_unable.TryGetValue(family, out UnableException? unable))
                throw unable;
        }
        try
        {
            RequestContext own = trace == default || trace == context.Trace ? context : context with { Trace = trace };
            return Keep(family, await endpoint.Source.PrepareAsync(request, endpoint.Limit(own), cancellation).ConfigureAwait(false));
        }
        catch (InvalidRequestException fault)
        {
            var unable = new UnableException(fault);
            lock (_byFamily)
                _unable[family] = unable;
            throw unable;
        }
    }

    public void Dispose()
    {
        lock (_byFamily)
        {
            _disposed = true;
            foreach (Prepared prepared in _byFamily.Values.Concat(_single))
                prepared.Dispose();
            _byFamily.Clear();
            _single.Clear();
        }
    }

    private static object FamilyOf(Endpoint endpoint) => endpoint.Source is IAlikeSource alike ? alike.Family : endpoint;

    private Prepared Keep(object family, Prepared made)
    {
        lock (_byFamily)
        {
            bool shared = family is not Endpoint;
            if (!_disposed && (!shared || _byFamily.TryAdd(family, made)))
            {
                if (!shared)
                    _single.Add(made);
                return made;
            }
            made.Dispose();
            return _byFamily.GetValueOrDefault(family) ?? throw new OperationCanceledException("The request ended while it was prepared.");
        }
    }
}
