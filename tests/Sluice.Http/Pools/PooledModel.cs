using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Gateway;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Routing;
using Sluice.Http.Fakes;
using Sluice.Local;
using Sluice.Protocol.Sources;
using Sluice.Server;

namespace Sluice.Http.Pools;

/// <summary>A server whose pool <c>chat</c> has one member: the demo model in this process, one request at a time and every step slow.</summary>
internal sealed class PooledModel : IAsyncDisposable
{
    private const string Config = """
        sources: [{ name: local, kind: engine, model: demo }]
        pools: [{ name: chat, members: [{ source: local }], retry: { attempts: 1 }, limits: { concurrency: 100 } }]
        limits: { concurrency: 100, tokens_per_minute: 1000000 }
        """;

    private readonly PoolMetrics _metrics = new();
    private readonly LocalModel _model;
    private readonly LiveGateway _gateway;

    private PooledModel(PoolMetrics metrics, LocalModel model, LiveGateway gateway, TestServer server) =>
        (_metrics, _model, _gateway, Server) = (metrics, model, gateway, server);

    public TestServer Server { get; }

    public EngineLoad Load => _model.Engine.Load;

    /// <summary>Requests that hold a place of the pool.</summary>
    public int Booked => _gateway.Current.Pools[0].State.Limits.Taken;

    /// <summary>Requests that are booked on the source.</summary>
    public int InFlight => _gateway.Current.Pools[0].State.Router.Members[0].Endpoint.InFlight;

    public static async Task<PooledModel> StartAsync(TimeSpan step)
    {
        var options = new EngineOptions { ContextTokens = 1024, MaxSequences = 1, MaxStepTokens = 16, KvBytes = 64L << 20, PrefixCache = false };
        var model = LocalModel.Open("demo", new LocalModelOptions { Engine = options, Around = (inner, _) => new SlowModel(inner, step) });
        var metrics = new PoolMetrics();
        LiveGateway gateway = await LiveGateway.StartAsync(
            GatewayConfig.Parse("test.yaml", Config), (_, _) => Task.FromResult<ISourceHost>(new Host(model)),
            metrics, TimeProvider.System, new Chance(1), TestContext.Current.CancellationToken);
        return new PooledModel(metrics, model, gateway, await TestServer.StartAsync(new ServerOptions(), Serving.Of(gateway.Current)));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _gateway.DisposeAsync();
        _metrics.Dispose();
        await Eventually.ReturnsAsync(_model.Dispose);
    }

    private sealed class Host(LocalModel model) : ISourceHost
    {
        private readonly LocalSource _source = new(model, TimeProvider.System, new Random(1), family: null, adapter: "");

        public IReadOnlyList<ICompletionSource> Open(string name) => [_source];

        public Task<bool> ProbeAsync(CancellationToken cancellation) => Task.FromResult(true);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
