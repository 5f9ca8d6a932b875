using Sluice.Gateway.Pools;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Sources;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Pools;

public sealed class RouterTests
{
    [Fact]
    public async Task TryRoute_TooFewTokensLeftForALargeRequest_StillTakesASmallOne()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"], perSource: ", limits: { tokens_per_minute: 10000 }");
        Router router = rig.Pool.State.Router;
        Lease first = router.TryRoute(new Query(Ask.Of("x", tokens: 5000)), [], out _)!;
        Assert.Null(router.TryRoute(new Query(Ask.Of("x", tokens: 6000)), [], out Refusal refusal));
        Assert.Equal(SourceFailure.Busy, refusal.Reason);
        Assert.True(refusal.RetryAfter > TimeSpan.Zero);
        Lease? small = router.TryRoute(new Query(Ask.Of("x", tokens: 100)), [], out _);
        Assert.NotNull(small);
        first.Abandon(0);
        small.Abandon(0);
    }

    [Fact]
    public async Task TryRoute_MemberToBeProbed_IsNotProbedByARequestMeantForOthers()
    {
        await using PoolRig rig = await PoolRig.StartAsync(
            ["near", "cloud"], "policy: content\nrules: [{ header: x-tag, matches: private, to: near }]\nbreaker: { open: 10s }");
        (Member near, Member cloud) = (rig.Pool.State.Router.Members[0], rig.Pool.State.Router.Members[1]);
        BreakerTests.Break(cloud.Breaker);
        rig.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(near, Route(rig, Ask.Of("x", header: "private")));
        Assert.Equal(cloud, Route(rig, Ask.Of("x")));
    }

    [Fact]
    public async Task TryRoute_OnlyAMemberToBeProbedIsLeft_TakesAnyRequest()
    {
        await using PoolRig rig = await PoolRig.StartAsync(
            ["near", "cloud"], "policy: content\nrules: [{ header: x-tag, matches: private, to: near }]\nbreaker: { open: 10s }");
        Member[] members = [.. rig.Pool.State.Router.Members];
        foreach (Member member in members)
            BreakerTests.Break(member.Breaker);
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        Lease? lease = rig.Pool.State.Router.TryRoute(new Query(Ask.Of("x", header: "private")), [members[0]], out _);
        Assert.Equal(members[1], lease?.Member);
        lease!.Abandon(0);
    }

    [Fact]
    public async Task TryRoute_OnlyASlowStarterHasRoom_TakesTheRequest()
    {
        const int rate = 20;
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "breaker: { open: 10s }", perSource: $", limits: {{ requests_per_minute: {rate} }}");
        (Member full, Member back) = (rig.Pool.State.Router.Members[0], rig.Pool.State.Router.Members[1]);
        BreakerTests.Break(back.Breaker);
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(back.Breaker.TryBegin(out int probe));
        back.Breaker.RecordSuccess(probe);
        while (full.Endpoint.State.Limits.TryEnter(1, out _))
            full.Endpoint.State.Limits.Leave(1, 1);
        Assert.True(back.Share < 1);

        for (int i = 0; i < rate; i++)
            Assert.Equal(back, Route(rig, Ask.Of("x")));
    }

    [Fact]
    public async Task Cool_ShorterPauseAfterALongerOne_KeepsTheLonger()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"]);
        Endpoint endpoint = rig.Pool.State.Router.Members[0].Endpoint;
        endpoint.Cool(TimeSpan.FromSeconds(30));
        endpoint.Cool(TimeSpan.FromSeconds(1));
        Assert.True(endpoint.IsCooling(out TimeSpan left));
        Assert.Equal(TimeSpan.FromSeconds(30), left);
    }

    private static Member? Route(PoolRig rig, RouteRequest request)
    {
        Lease? lease = rig.Pool.State.Router.TryRoute(new Query(request), [], out _);
        lease?.Abandon(0);
        return lease?.Member;
    }

    [Theory]
    [InlineData("Stopped Stopped", "a")] // one start is enough
    [InlineData("Stopped Starting", "b")]
    [InlineData("Draining Running", "b")]
    [InlineData("Resting Stopped", "b")]
    [InlineData("Starting Starting", "ab")]
    [InlineData("Resting Resting", "")]
    public async Task TryRoute_ReplicasThatCanBeStarted_TakesTheReadiest(string readiness, string chosen)
    {
        await using PoolRig rig = await PoolRig.StartAsync(["x"]);
        SourceState state = rig.Gateway.Current.Sources["x"];
        Member[] members = [.. readiness.Split(' ').Select((word, id) => new Member(
            id, new Endpoint($"{(char)('a' + id)}", "m", new StartableSource(Enum.Parse<Readiness>(word)), state, rig.Time),
            rig.Pool.State.Config.Members[0], new(), rig.Time))];
        var router = new Router(members, new RoundRobinPolicy(), new Chance(1));
        var taken = new SortedSet<string>();
        for (int i = 0; i < 8 && router.TryRoute(new Query(Ask.Of("x")), [], out _) is { } lease; i++)
        {
            taken.Add(lease.Endpoint.Name);
            lease.Abandon(0);
        }
        Assert.Equal(chosen, string.Concat(taken));
    }
}
