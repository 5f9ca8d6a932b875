using System.Text;
using Sluice.Gateway;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Managed;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Tests.Cli;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Managed;

/// <summary>Servers that the pool starts itself, as real processes.</summary>
public sealed class ManagedHostTests : IDisposable
{
    private readonly ServerWatch _servers = new();
    private readonly PoolMetrics _metrics = new();
    private readonly List<string> _told = [];

    public ManagedHostTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "finds its servers in /proc");

    public void Dispose()
    {
        _metrics.Dispose();
        _servers.Dispose();
    }

    [Fact]
    public async Task Request_ServerStoppedKilledOrIdle_IsAnsweredByOneThatIsStarted()
    {
        await using (LiveGateway gateway = await StartAsync(_servers.Command, "{ min: 0, idle_stop: 2s }"))
        {
            PoolSource pool = gateway.Current.Pools[0];
            Assert.Empty(_servers.Running());
            Assert.Contains("\"finish_reason\"", await AskAsync(pool), StringComparison.Ordinal);
            int first = Assert.Single(_servers.Running());

            await ServerWatch.SignalAsync(first, "KILL");
            Assert.Contains("\"finish_reason\"", await AskAsync(pool), StringComparison.Ordinal);
            Assert.NotEqual(first, Assert.Single(_servers.Running()));
            Assert.Contains("'local' ended with code 137", Assert.Single(_told), StringComparison.Ordinal);

            await _servers.WaitForAsync(0);
            Assert.Contains("\"finish_reason\"", await AskAsync(pool), StringComparison.Ordinal);
            Assert.Single(_servers.Running());
        }
        Assert.Empty(_servers.Running());
    }

    [Fact]
    public async Task Request_AllThatRunHaveEnoughToDo_StartsAnotherUntilItIsNoLongerNeeded()
    {
        await using LiveGateway gateway = await StartAsync(_servers.Command, "{ min: 1, max: 2, busy: 1, idle_stop: 2s }");
        PoolSource pool = gateway.Current.Pools[0];
        await _servers.WaitForAsync(1);
        await using (IAsyncEnumerator<CompletionEvent> one = await BeginAsync(pool), other = await BeginAsync(pool))
            await _servers.WaitForAsync(2);
        int kept = Assert.Single(await _servers.WaitForAsync(1));
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken); // longer than idle_stop
        Assert.Equal(kept, Assert.Single(_servers.Running()));
    }

    [Fact]
    public async Task Request_ServerThatEndsAtOnce_FailsAndIsToldWhenToComeBack()
    {
        await using LiveGateway gateway = await StartAsync("[/bin/sh, -c, 'echo no model on {port}; exit 3']", "{ min: 0 }");
        var fault = await Assert.ThrowsAsync<SourceException>(() => AskAsync(gateway.Current.Pools[0]));
        Assert.Equal(SourceFailure.Unavailable, fault.Reason);
        Assert.DoesNotContain("no model", fault.Message, StringComparison.Ordinal); // that is the operator's business
        Assert.Contains("ended with code 3 before it was ready (it said: no model on ", _told[0], StringComparison.Ordinal);
        fault = await Assert.ThrowsAsync<SourceException>(() => AskAsync(gateway.Current.Pools[0]));
        Assert.True(fault.RetryAfter > TimeSpan.Zero);
    }

    [Fact]
    public async Task Start_ProgramThatIsNotThere_IsAMistakeOfTheConfiguration()
    {
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync("[no-such-program, '{port}']", "1"));
        Assert.Contains("whose program 'no-such-program' is not there", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Parent_HoweverItEnds_LeavesNoServerBehind(string signal)
    {
        string file = _servers.Write(Config(_servers.Command, "{ min: 2, max: 2 }"));
        using var parent = CliProcess.Start("serve", "-c", file, "--urls", "http://127.0.0.1:0", "-t", "1");
        Assert.Contains("serving chat", await parent.ReadErrorLineAsync(), StringComparison.Ordinal);
        await _servers.WaitForAsync(2);
        await parent.SignalAsync(signal);
        await parent.WaitAsync();
        if (signal == "TERM")
            Assert.Empty(_servers.Running()); // it waited for them
        await _servers.WaitForAsync(0);
    }

    private static string Config(string command, string replicas) => $$"""
        sources:
          - name: local
            kind: sluice
            command: {{command}}
            replicas: {{replicas}}
            models: { small: demo }
        pools:
          - { name: chat, members: [{ source: local }], retry: { attempts: 3, budget: 100% } }
        """;

    private Task<LiveGateway> StartAsync(string command, string replicas) => LiveGateway.StartAsync(
        GatewayConfig.Parse("managed.yaml", Config(command, replicas)),
        (source, _) => Task.FromResult<ISourceHost>(new ManagedHost(source, TimeProvider.System, Tell)),
        _metrics, TimeProvider.System, new Chance(7), TestContext.Current.CancellationToken);

    private void Tell(string line)
    {
        lock (_told)
            _told.Add(line);
    }

    /// <returns>The answer's body, as it is relayed.</returns>
    private static async Task<string> AskAsync(PoolSource pool)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using Prepared prepared = await pool.PrepareAsync(PoolRig.Chat("hello"), new RequestContext("r"), cancellation);
        var body = new StringBuilder();
        await foreach (CompletionEvent e in pool.CompleteAsync(prepared, cancellation))
            body.Append(Encoding.UTF8.GetString(e.Raw.Span));
        return body.ToString();
    }

    private static async Task<IAsyncEnumerator<CompletionEvent>> BeginAsync(PoolSource pool)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Prepared prepared = await pool.PrepareAsync(PoolRig.Chat("Tell me a long story", stream: true), new RequestContext("r"), cancellation);
        IAsyncEnumerator<CompletionEvent> events = pool.CompleteAsync(prepared, cancellation).GetAsyncEnumerator(cancellation);
        Assert.True(await events.MoveNextAsync());
        return events;
    }
}
