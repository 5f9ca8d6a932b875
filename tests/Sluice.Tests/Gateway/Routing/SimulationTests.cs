using Sluice.Bench.Load;

namespace Sluice.Tests.Gateway.Routing;

/// <summary>What policies are worth, on the same arrivals. `dotnet run --project bench/Sluice.Bench.Load` prints the whole table.</summary>
public sealed class SimulationTests
{
    private const ulong Seed = 1;

    // Made once: some have megabytes of prompts.
    private static readonly Lazy<IReadOnlyList<Trace>> Made = new(() => Trace.All(seed: 1));

    [Theory]
    [InlineData("even")]
    [InlineData("skewed")]
    [InlineData("chats")]
    [InlineData("prefixes")]
    public void Prefix_OnEveryTrace_IsAtLeastAsQuickAsLeastConnections(string trace)
    {
        Trace arrivals = Named(trace);
        double least = MeanFirst(arrivals, "least-connections");
        double prefix = MeanFirst(arrivals, "prefix");
        Assert.True(prefix <= least, $"{arrivals.Name}: {prefix:0.000} s against {least:0.000} s");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Prefix_LongCommonBeginnings_HalvesTheTimeToTheFirstToken(bool askable)
    {
        Trace arrivals = Named("prefixes");
        double least = MeanFirst(arrivals, "least-connections");
        double prefix = Simulation.Run(arrivals, "prefix", askable, Seed).MeanFirst;
        Assert.True(prefix * 2 <= least, $"{prefix:0.000} s against {least:0.000} s");
    }

    [Theory]
    [InlineData("latency")]
    [InlineData("p2c")]
    public void Policy_OneServerIsSlow_BeatsRoundRobin(string policy)
    {
        Trace arrivals = Named("skewed");
        double round = MeanFirst(arrivals, "round-robin"), other = MeanFirst(arrivals, policy);
        Assert.True(other < round, $"{other:0.000} s against {round:0.000} s");
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameTimes()
    {
        Trace arrivals = Named("even");
        Assert.Equal(
            Simulation.Run(arrivals, "p2c", askable: true, Seed).FirstTokens, Simulation.Run(arrivals, "p2c", askable: true, Seed).FirstTokens);
    }

    private static Trace Named(string name) => Made.Value.Single(trace => trace.Name == name);

    private static double MeanFirst(Trace trace, string policy)
    {
        Outcome outcome = Simulation.Run(trace, policy, askable: true, Seed);
        Assert.Equal((0, trace.Requests.Count), (outcome.Refused, outcome.FirstTokens.Count));
        return outcome.MeanFirst;
    }
}
