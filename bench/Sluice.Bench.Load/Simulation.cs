using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Sources;

namespace Sluice.Bench.Load;

/// <summary>Runs a trace through the gateway's own router, leases and policies on a virtual clock.</summary>
internal static class Simulation
{
    /// <param name="askable">Whether servers tell what they have cached, as engines of the process do; else it has to be guessed.</param>
    public static Outcome Run(Trace trace, string policy, bool askable, ulong seed)
    {
        var clock = new SimulatedClock();
        SimulatedServer[] servers = trace.Servers(clock);
        PoolState pool = CreatePool(policy, servers.Length, clock, seed);
        var firstTokens = new List<double>();
        var whole = new List<double>();
        int refused = 0;
        foreach (SimulatedRequest request in trace.Requests)
            clock.At(request.At, () => Arrive(request));
        clock.Run();
        return new Outcome(policy, firstTokens, whole, refused,
            servers.Sum(server => server.HitTokens) / (double)servers.Sum(server => server.PromptTokens));

        void Arrive(SimulatedRequest request)
        {
            if (pool.Router.TryRoute(new Query(request.Route) { Look = endpoint => Look(endpoint, request) }, [], out _) is not { } lease)
            {
                refused++;
                return;
            }
            double begun = 0;
            servers[lease.Member.Id].Run(request,
                begun: () =>
                {
                    begun = clock.Now;
                    lease.ObserveFirst();
                    firstTokens.Add(clock.Now - request.At);
                },
                ended: () =>
                {
                    lease.Succeed(new Usage(request.PromptTokens, request.AnswerTokens, 0), TimeSpan.FromSeconds(clock.Now - begun));
                    whole.Add(clock.Now - request.At);
                });
        }

        Outlook? Look(Endpoint endpoint, SimulatedRequest request)
        {
            if (!askable)
                return null;
            SimulatedServer server = servers[int.Parse(endpoint.Name.AsSpan(1), provider: null)];
            return new Outlook(server.CachedTokens(request), (int)server.QueuedTokens, null);
        }
    }

    private static PoolState CreatePool(string policy, int servers, TimeProvider time, ulong seed)
    {
        string[] names = [.. Enumerable.Range(0, servers).Select(i => $"s{i}")];
        var sources = names.ToDictionary(name => name, name => new SourceState(
            new SourceConfig { Name = name, Kind = SourceKind.OpenAi }, new SimulatedSource(name), time));
        var config = new PoolConfig
        {
            Name = "simulated", Policy = policy, Members = [.. names.Select(name => new MemberConfig(name, "m", 1, []))],
        };
        return new PoolState(config, sources, time, new Chance(seed));
    }
}
