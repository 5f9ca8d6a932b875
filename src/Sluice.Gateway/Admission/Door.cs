using Sluice.Gateway.Configuration;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Admission;

/// <summary>
/// Decides who comes in and when: keys, limits of a key and of the whole server, and the queue for places. One snapshot of the
/// configuration; the next one takes over the counters of what stayed the same. No database and no shared lock but the queue's, and that
/// only while somebody waits.
/// </summary>
public sealed class Door
{
    private readonly KeyRing _keys;
    private readonly Dictionary<string, RateGate> _gates = [];
    private readonly LimitsConfig _limits;
    private readonly Visitor? _anybody;
    private readonly RateGate _all;
    private readonly PlaceQueue? _places;
    private readonly TimeProvider _time;

    /// <param name="before">The door it replaces; null for the first.</param>
    public Door(GatewayConfig config, TimeProvider time, Door? before = null) : this(config.Keys, config.Anonymous, config.Limits, time, before)
    {
    }

    private Door(IReadOnlyList<KeyConfig> keys, bool anonymous, LimitsConfig limits, TimeProvider time, Door? before)
    {
        (_limits, _time) = (limits, time);
        _keys = new KeyRing(keys.Select(key => new Visitor(key, _gates[key.Name] = KeepOrMake(before, key, time))).ToArray());
        _anybody = anonymous ? new Visitor(null, new RateGate(new RateConfig(), time)) : null;
        bool same = before is not null && before._limits == limits;
        _all = same ? before!._all : new RateGate(limits.Rates, time, countPlaces: false);
        _places = same ? before!._places
            : limits.Adaptive || limits.Rates.Concurrency is not null ? new PlaceQueue(limits, time) : null;
    }

    /// <summary>Requests that wait for a place.</summary>
    public int Waiting => _places?.Waiting ?? 0;

    /// <summary>Requests that may be inside at one time; null for any number.</summary>
    public int? Places => _places?.Places;

    /// <summary>A door that stands open: no keys, no limits.</summary>
    public static Door Open(TimeProvider time) => new([], anonymous: true, new LimitsConfig(), time, before: null);

    /// <summary>Tells who asks by the key that was sent.</summary>
    /// <param name="key">After its scheme, "Bearer", where it has one; null where none was sent.</param>
    /// <exception cref="InvalidRequestException">401: there is no such key, it has expired, or one is needed.</exception>
    public Visitor Identify(string? key)
    {
        // Who needs no key may send any: clients want one to be set.
        Visitor? known = key is null ? null : _keys.Find(key);
        if (known?.Key is { } own && own.Expires <= _time.GetUtcNow())
            throw Refused($"The API key '{own.Name}' has expired; ask for a new one.");
        return known ?? _anybody ?? throw Refused(key is null
            ? "An API key is needed: send it as 'Authorization: Bearer …' or 'x-api-key: …'."
            : "The API key is not known here; check that it is whole.");
    }

    /// <summary>Lets a request in, at once or after a wait in the queue.</summary>
    /// <param name="promptTokens">Estimated tokens of the prompt.</param>
    /// <param name="answerTokens">Estimated tokens of the answer.</param>
    /// <param name="cancellation">Fires when the client leaves, in the queue or later.</param>
    /// <exception cref="InvalidRequestException">403: this key may not ask for answers.</exception>
    /// <exception cref="SourceException">A limit is reached or the queue is full, with the time after which it makes sense to come
    /// back.</exception>
    public async ValueTask<Admission> AdmitAsync(Visitor visitor, int promptTokens, int answerTokens, CancellationToken cancellation)
    {
        int tokens = promptTokens + answerTokens;
        if (!visitor.MayAsk)
            throw new InvalidRequestException($"The role of '{visitor.Key!.Name}' may not ask for answers.", code: "forbidden", status: 403);
        if (!visitor.Limits.TryEnter(tokens, out TimeSpan pause))
            throw Full($"The limits of the API key '{visitor.Key?.Name}' are reached; come back later.", pause);
        if (!_all.TryEnter(tokens, out pause))
        {
            visitor.Limits.Leave(tokens, 0);
            throw Full("The limits of this server are reached; come back later.", pause);
        }
        var admission = new Admission((visitor.Limits, _all, _places), promptTokens, tokens, _time, cancellation);
        try
        {
            if (_places is not null)
                await _places.EnterAsync(visitor.QueueName, visitor.Priority, cancellation).ConfigureAwait(false);
            admission.Begin();
            return admission;
        }
        catch
        {
            admission.Dispose();
            throw;
        }
    }

    private static RateGate KeepOrMake(Door? before, KeyConfig key, TimeProvider time) =>
        before?._gates.GetValueOrDefault(key.Name) is { } known && known.Limits == key.Limits ? known : new RateGate(key.Limits, time);

    private static InvalidRequestException Refused(string message) => new(message, code: "invalid_api_key", status: 401);

    private static SourceException Full(string message, TimeSpan pause) => new(SourceFailure.Busy, message, pause);
}
