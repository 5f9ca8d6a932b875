using Sluice.Gateway.Admission;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway;

/// <summary>All that one configuration made: who is let in, and which pools answer. Immutable; a reload makes the next one.</summary>
public sealed class GatewaySnapshot
{
    private int _users = 1; // the gateway, until another is its current one

    internal GatewaySnapshot(
        GatewayConfig config, Door door, IReadOnlyDictionary<string, SourceState> sources, IReadOnlyList<PoolSource> pools) =>
        (Config, Door, Sources, Pools) = (config, door, sources, pools);

    public GatewayConfig Config { get; }

    public Door Door { get; }

    /// <summary>One for each public model name.</summary>
    public IReadOnlyList<PoolSource> Pools { get; }

    /// <summary>Those endpoints that know how busy they are, by source and replica.</summary>
    public IReadOnlyList<(string Name, ILoadReporter Reporter)> Reporters =>
        [.. Sources.Values.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Source is ILoadReporter)
            .Select(endpoint => (endpoint.Name, (ILoadReporter)endpoint.Source))
            .DistinctBy(reporter => reporter.Name)];

    /// <summary>What no log may show.</summary>
    public IReadOnlyList<string> Secrets =>
        [.. Sources.Values.Select(source => source.Config.Remote?.Key?.Reveal()).OfType<string>()];

    internal IReadOnlyDictionary<string, SourceState> Sources { get; }

    /// <summary>Keeps its sources open for a request, from its arrival to its end, however long it uploads or queues.</summary>
    /// <returns>False where it is over: another one is current for long.</returns>
    public bool TryHold()
    {
        int seen = Volatile.Read(ref _users), before;
        while (seen > 0 && (before = Interlocked.CompareExchange(ref _users, seen + 1, seen)) != seen)
            seen = before;
        return seen > 0;
    }

    /// <summary>Ends one hold; with the last its sources end, but for those that another snapshot has too.</summary>
    public void LetGo()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        foreach (SourceState source in Sources.Values)
            source.Release();
    }
}
