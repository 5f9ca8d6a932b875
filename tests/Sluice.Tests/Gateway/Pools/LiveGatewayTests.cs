using Sluice.Gateway;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Pools;

public sealed class LiveGatewayTests
{
    [Fact]
    public async Task Change_SourceThatCannotBeMade_KeepsTheOldConfigurationWhole()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a"]);
        GatewaySnapshot before = rig.Gateway.Current;
        GatewayConfig bad = PoolRig.Config(["a", "missing"]);
        await Assert.ThrowsAnyAsync<Exception>(() => rig.Gateway.ChangeAsync(bad, TestContext.Current.CancellationToken));
        Assert.Same(before, rig.Gateway.Current);
        await rig.Time.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.False(rig["a"].Disposed);
        Assert.Equal("a!", await rig.RunAsync(rig.AskAsync()));
    }

    [Fact]
    public async Task Change_OnlyThePoolDiffers_KeepsTheSourceAndWhatWasLearned()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"]);
        PoolState before = rig.Pool.State;
        await rig.Gateway.ChangeAsync(PoolRig.Config(["a", "b"]), TestContext.Current.CancellationToken);
        Assert.Same(before, rig.Pool.State);
        await rig.Gateway.ChangeAsync(PoolRig.Config(["a", "b"], "policy: p2c"), TestContext.Current.CancellationToken);
        Assert.NotSame(before, rig.Pool.State);
        Assert.Same(before.Router.Members[0].Endpoint, rig.Pool.State.Router.Members[0].Endpoint);
    }

    [Fact]
    public async Task Change_SourceTakenAway_EndsOnceItsLastRequestHas()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin");
        rig["a"].Taking(TimeSpan.FromMinutes(1));
        Task<string> running = rig.AskAsync(stream: true);
        await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(1));
        await rig.Gateway.ChangeAsync(PoolRig.Config(["b"]), TestContext.Current.CancellationToken);
        await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.False(rig["a"].Disposed);
        Assert.Equal("b!", await rig.RunAsync(rig.AskAsync()));
        Assert.Equal("a!", await rig.RunAsync(running));
        await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.True(rig["a"].Disposed);
    }

    /// <summary>A request that was still in the queue when the configuration changed.</summary>
    [Fact]
    public async Task Change_SnapshotHeldByARequest_KeepsItsSourcesUntilItIsLetGo()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"], "policy: round-robin");
        GatewaySnapshot held = rig.Gateway.Current;
        PoolSource pool = rig.Pool;
        Assert.True(held.TryHold());
        await rig.Gateway.ChangeAsync(PoolRig.Config(["b"]), TestContext.Current.CancellationToken);
        await rig.Time.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.False(rig["a"].Disposed);
        Assert.Equal("a!", await rig.RunAsync(PoolRig.AskAsync(pool)));

        held.LetGo();
        await rig.Time.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.True(rig["a"].Disposed);
        Assert.False(rig["b"].Disposed);
        Assert.False(held.TryHold());
    }

    [Fact]
    public async Task Dispose_SourceThatCannotBeClosed_ClosesTheOthersAndSaysSo()
    {
        PoolRig rig = await PoolRig.StartAsync(["a", "b"]);
        rig["a"].ClosingFault = new IOException("stuck");
        var faults = await Assert.ThrowsAsync<AggregateException>(async () => await rig.DisposeAsync());
        Assert.Equal("stuck", Assert.Single(faults.InnerExceptions).Message);
        Assert.True(rig["b"].Disposed);
    }

    [Fact]
    public async Task Watch_SecretFileChangesOrAReloadIsAskedFor_IsTold()
    {
        string path = Path.GetTempFileName(), secret = Path.GetTempFileName();
        try
        {
            var time = new VirtualTime();
            var watch = new ConfigWatch(() => [path, secret], TimeSpan.FromSeconds(1), time);
            using var over = new CancellationTokenSource();
            int told = 0;
            Task watching = watch.RunAsync(
                () =>
                {
                    told++;
                    return Task.CompletedTask;
                },
                over.Token);
            await File.WriteAllTextAsync(secret, "rotated", TestContext.Current.CancellationToken);
            await time.AdvanceAsync(TimeSpan.FromSeconds(3));
            Assert.Equal(1, told);
            watch.Ask();
            await time.AdvanceAsync(TimeSpan.FromSeconds(3));
            Assert.Equal(2, told);
            await over.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        }
        finally
        {
            File.Delete(path);
            File.Delete(secret);
        }
    }

    [Fact]
    public async Task Watch_FileChanges_IsToldOnceForEachContent()
    {
        string path = Path.GetTempFileName();
        try
        {
            var time = new VirtualTime();
            var watch = new ConfigWatch(() => [path], TimeSpan.FromSeconds(1), time);
            using var over = new CancellationTokenSource();
            int told = 0;
            Task watching = watch.RunAsync(
                () =>
                {
                    told++;
                    return Task.CompletedTask;
                },
                over.Token);
            await time.AdvanceAsync(TimeSpan.FromSeconds(3));
            Assert.Equal(0, told);
            await File.WriteAllTextAsync(path, "new", TestContext.Current.CancellationToken);
            await time.AdvanceAsync(TimeSpan.FromSeconds(3));
            Assert.Equal(1, told);
            await over.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
