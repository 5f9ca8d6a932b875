using System.Security.Cryptography;
using System.Text;
using Sluice.Gateway.Admission;
using Sluice.Gateway.Configuration;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Tests.Gateway.Fakes;
using Admitted = Sluice.Gateway.Admission.Admission;

namespace Sluice.Tests.Gateway.Admission;

public sealed class DoorTests
{
    private readonly VirtualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void ApiKey_New_IsLongAndItsHashIsOfItsText()
    {
        ApiKey one = ApiKey.Create(), other = ApiKey.Create();
        Assert.NotEqual(one.Text, other.Text);
        Assert.True(one.Text.Length >= 50);
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(one.Text)))}", one.Hash);
    }

    [Fact]
    public void Identify_KnownUnknownAndNoKey_AreToldApart()
    {
        var door = new Door(Config([Key("app", "secret"), Key("old", "stale") with { Expires = _time.GetUtcNow().AddDays(1) }]), _time);
        foreach (string sent in new[] { "secret", "secret", "Bearer secret", "bearer  secret " })
            Assert.Equal("app", door.Identify(sent).Key!.Name);
        Assert.Equal("old", door.Identify("stale").Key!.Name);
        foreach (string? wrong in new[] { "secreT", "Bearer secreT", "Bearer ", null, "", new string('x', 100_000) })
            Assert.Equal(401, Assert.Throws<InvalidRequestException>(() => door.Identify(wrong)).Status);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Contains("expired", Assert.Throws<InvalidRequestException>(() => door.Identify("stale")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Admit_ViewerKey_MayNotAsk()
    {
        var door = new Door(Config([Key("looker", "k") with { Role = KeyRole.Viewer }]), _time);
        var refused = await Assert.ThrowsAsync<InvalidRequestException>(async () => await door.AdmitAsync(door.Identify("k"), 1, 0, Cancellation));
        Assert.Equal(403, refused.Status);
    }

    [Fact]
    public async Task Admit_KeyOverItsRequests_IsLetInExactlyWhenTold()
    {
        var door = new Door(Config([Key("app", "k") with { Limits = new RateConfig { RequestsPerMinute = 2 } }]), _time);
        Visitor app = door.Identify("k");
        (await door.AdmitAsync(app, 1, 0, Cancellation)).Dispose();
        (await door.AdmitAsync(app, 1, 0, Cancellation)).Dispose();
        SourceException refused = await RefusedAsync(door, app);
        Assert.Equal(TimeSpan.FromSeconds(30), refused.RetryAfter);
        _time.Advance(refused.RetryAfter!.Value - TimeSpan.FromMilliseconds(1));
        await RefusedAsync(door, app);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await door.AdmitAsync(app, 1, 0, Cancellation)).Dispose();
    }

    [Fact]
    public async Task Admit_TokensEstimatedTooHigh_AreGivenBackWhenSettled()
    {
        var door = new Door(Config([Key("app", "k") with { Limits = new RateConfig { TokensPerMinute = 1000 } }]), _time);
        Visitor app = door.Identify("k");
        Admitted first = await door.AdmitAsync(app, 900, 0, Cancellation);
        await RefusedAsync(door, app, 900);
        first.ObserveUsage(new Usage(40, 60, 0));
        first.Dispose();
        (await door.AdmitAsync(app, 900, 0, Cancellation)).Dispose();
    }

    [Theory]
    [InlineData("whole", 900)]
    [InlineData("part", 402)]
    [InlineData("left", 400)]
    [InlineData("failed", 0)]
    public async Task Dispose_NobodyToldTheUsage_ChargesByWhatWasSeen(string end, int charged)
    {
        var door = new Door(Config([Key("app", "k") with { Limits = new RateConfig { TokensPerMinute = 1000 } }]), _time);
        Visitor app = door.Identify("k");
        using var client = new CancellationTokenSource();
        Admitted admission = await door.AdmitAsync(app, 400, 500, client.Token);
        for (int piece = 0; piece < (end is "whole" or "part" ? 2 : 0); piece++)
            admission.ObservePiece();
        if (end == "whole")
            admission.Complete();
        if (end == "left")
            await client.CancelAsync();
        admission.Dispose();
        Admitted rest = await door.AdmitAsync(app, 1000 - charged, 0, Cancellation);
        await RefusedAsync(door, app);
        rest.Dispose();
    }

    [Fact]
    public async Task Admit_NoPlaceFree_WaitsInTheQueueAndNoLonger()
    {
        var door = new Door(Config([], new LimitsConfig
        {
            Rates = new RateConfig { Concurrency = 1 }, QueueLength = 2, QueueWait = TimeSpan.FromSeconds(5),
        }), _time);
        Visitor anybody = door.Identify(null);
        Admitted inside = await door.AdmitAsync(anybody, 1, 0, Cancellation);
        Task<Admitted> second = door.AdmitAsync(anybody, 1, 0, Cancellation).AsTask();
        Task<Admitted> third = door.AdmitAsync(anybody, 1, 0, Cancellation).AsTask();
        Assert.True((await RefusedAsync(door, anybody)).RetryAfter >= TimeSpan.FromSeconds(1));
        inside.Dispose();
        using Admitted now = await second;
        await _time.AdvanceAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(SourceFailure.Busy, (await Assert.ThrowsAsync<SourceException>(() => third)).Reason);
        Assert.Equal(0, door.Waiting);
    }

    [Fact]
    public async Task Admit_ManyWait_HigherPriorityGoesFirstThenKeysTakeTurns()
    {
        KeyConfig[] keys = [Key("greedy", "g"), Key("modest", "m"), Key("urgent", "u") with { Priority = 5 }];
        var door = new Door(Config(keys, new LimitsConfig { Rates = new RateConfig { Concurrency = 1 } }), _time);
        var order = new List<string>();
        Admitted inside = await door.AdmitAsync(door.Identify("g"), 1, 0, Cancellation);
        Task[] all = [.. new[] { "g", "g", "g", "g", "m", "m", "u" }.Select(PassAsync)];
        inside.Dispose();
        await Task.WhenAll(all);
        Assert.Equal("u", order[0]);
        Assert.Equal(2, order.Take(5).Count(key => key == "m")); // not behind all of the greedy one's

        async Task PassAsync(string key)
        {
            using Admitted admission = await door.AdmitAsync(door.Identify(key), 1, 0, Cancellation);
            lock (order)
                order.Add(key);
        }
    }

    [Fact]
    public async Task Admit_WaiterLeaves_LosesItsPlaceInTheQueueOnly()
    {
        var door = new Door(Config([], new LimitsConfig { Rates = new RateConfig { Concurrency = 1 } }), _time);
        Visitor anybody = door.Identify(null);
        Admitted inside = await door.AdmitAsync(anybody, 1, 0, Cancellation);
        using var client = new CancellationTokenSource();
        Task<Admitted> waiting = door.AdmitAsync(anybody, 1, 0, client.Token).AsTask();
        Assert.Equal(1, door.Waiting);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, door.Waiting);
        inside.Dispose();
        (await door.AdmitAsync(anybody, 1, 0, Cancellation)).Dispose();
    }

    [Fact]
    public async Task Door_NextConfiguration_KeepsTheCountersOfKeysThatStayed()
    {
        GatewayConfig config = Config([Key("app", "k") with { Limits = new RateConfig { RequestsPerMinute = 1 } }]);
        var before = new Door(config, _time);
        (await before.AdmitAsync(before.Identify("k"), 1, 0, Cancellation)).Dispose();
        var after = new Door(config, _time, before);
        await RefusedAsync(after, after.Identify("k"));
    }

    [Fact]
    public void Gradient_AnswersGetSlow_TakesFewerAndMoreAgainLater()
    {
        var limit = new GradientLimit(1000);
        Observe(200, milliseconds: 50);
        int healthy = limit.Places;
        Observe(50, milliseconds: 1000);
        int loaded = limit.Places;
        Observe(200, milliseconds: 50);
        Assert.True(loaded < healthy / 2, $"{healthy} → {loaded}");
        Assert.InRange(loaded, 4, limit.Places - 1);

        void Observe(int times, int milliseconds)
        {
            for (int i = 0; i < times; i++)
                limit.Observe(TimeSpan.FromMilliseconds(milliseconds), limit.Places);
        }
    }

    private static async Task<SourceException> RefusedAsync(Door door, Visitor visitor, int tokens = 1) =>
        await Assert.ThrowsAsync<SourceException>(async () => await door.AdmitAsync(visitor, tokens, 0, Cancellation));

    private static KeyConfig Key(string name, string text) =>
        new(name, KeyRole.Developer, SHA256.HashData(Encoding.UTF8.GetBytes(text)), Expires: null, Priority: 0, new RateConfig());

    private static GatewayConfig Config(KeyConfig[] keys, LimitsConfig? limits = null) => new()
    {
        Sources = [], Pools = [], Keys = keys, Anonymous = keys.Length == 0, Limits = limits ?? new LimitsConfig(),
    };
}
