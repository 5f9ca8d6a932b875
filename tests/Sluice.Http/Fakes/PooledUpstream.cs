using Sluice.Gateway;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Routing;
using Sluice.Gateway.Sources;
using Sluice.Server;

namespace Sluice.Http.Fakes;

/// <summary>A server whose pool <c>fake</c> has one member: a fake upstream. As a configuration file makes it.</summary>
internal sealed class PooledUpstream : IAsyncDisposable
{
    private readonly PoolMetrics _metrics;
    private readonly LiveGateway _gateway;

    private PooledUpstream(PoolMetrics metrics, LiveGateway gateway, TestServer server) => (_metrics, _gateway, Server) = (metrics, gateway, server);

    public TestServer Server { get; }

    /// <summary>Requests that wait to be let in.</summary>
    public int Waiting => _gateway.Current.Door.Waiting;

    /// <summary>Requests that the source works on.</summary>
    public int Running => _gateway.Current.Reporters.Sum(reporter => reporter.Reporter.Load.Running);

    /// <param name="concurrency">Requests that are let in at one time.</param>
    /// <param name="timeout">What the source says of its times, as in the file.</param>
    public static async Task<PooledUpstream> StartAsync(
        FakeUpstream upstream, string kind, int concurrency = 10, string timeout = "{ total: 30m }", ServerOptions? options = null)
    {
        string yaml = $$"""
            sources: [{ name: remote, kind: {{kind}}, url: {{upstream.Url}}, models: { m: up }, timeout: {{timeout}} }]
            pools: [{ name: fake, policy: round-robin, members: [{ source: remote, model: m }], retry: { attempts: 1 } }]
            limits: { concurrency: {{concurrency}}, queue: { length: 10, wait: 60s } }
            """;
        var metrics = new PoolMetrics();
        LiveGateway gateway = await LiveGateway.StartAsync(
            GatewayConfig.Parse("test.yaml", yaml), (source, _) => Task.FromResult<ISourceHost>(new RemoteHost(source, TimeProvider.System)),
            metrics, TimeProvider.System, new Chance(1), TestContext.Current.CancellationToken);
        return new PooledUpstream(metrics, gateway, await TestServer.StartAsync(
            options ?? new ServerOptions(), Serving.Of(gateway.Current), metrics.Meter));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _gateway.DisposeAsync();
        _metrics.Dispose();
    }
}
