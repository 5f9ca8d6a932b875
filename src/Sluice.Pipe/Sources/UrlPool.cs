using Sluice.Gateway;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Routing;
using Sluice.Gateway.Sources;
using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Sources;

/// <summary>
/// Servers with OpenAI's API as one pool: what a configuration file would say of them, said by flags. Dispose it to close the
/// connections.
/// </summary>
public sealed class UrlPool : IAsyncDisposable
{
    private const int Attempts = 4;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan TotalTime = TimeSpan.FromMinutes(10);
    // Where there is nobody else to ask a long rest would only make the run longer.
    private static readonly BreakerConfig Breaker =
        new(Errors: 0.9, Window: TimeSpan.FromSeconds(10), Open: TimeSpan.FromMilliseconds(500));

    private readonly LiveGateway _gateway;
    private readonly PoolMetrics _metrics;

    private UrlPool(LiveGateway gateway, PoolMetrics metrics)
    {
        _gateway = gateway;
        _metrics = metrics;
    }

    public ICompletionSource Source => _gateway.Current.Pools[0];

    /// <param name="model">The servers' name of the model.</param>
    /// <param name="key">What authorises; null where nothing does.</param>
    /// <param name="limits">How much may be asked of all of them together.</param>
    /// <param name="hedge">Null never hedges.</param>
    /// <param name="seed">For weights and pauses.</param>
    /// <param name="isWhole">Whether addresses are taken as they are; else one without a path gets the usual <c>/v1</c>.</param>
    /// <exception cref="PipeException">The key cannot be sent.</exception>
    public static async Task<UrlPool> OpenAsync(
        IReadOnlyList<SourceUrl> urls, string model, Secret? key, RateConfig limits, HedgeConfig? hedge, ulong seed, bool isWhole,
        TimeProvider time, CancellationToken cancellation)
    {
        var config = new GatewayConfig
        {
            Sources = [.. urls.Select((url, index) => CreateSource(url, index, key, isWhole))],
            Pools = [new PoolConfig
            {
                Name = model,
                Policy = "weighted",
                Members = [.. urls.Select((url, index) => new MemberConfig(NameOf(url, index), model, url.Weight, []))],
                Retry = new RetryConfig(Attempts, Budget: 1, RetryPause),
                Breaker = Breaker,
                Limits = limits,
                Hedge = hedge,
            }],
        };
        var metrics = new PoolMetrics();
        try
        {
            return new UrlPool(await LiveGateway.StartAsync(
                config, (source, _) => Task.FromResult<ISourceHost>(new RemoteHost(source, time)), metrics, time, new Chance(seed),
                cancellation)
                .ConfigureAwait(false), metrics);
        }
        catch (ConfigException e)
        {
            metrics.Dispose();
            throw new PipeException(PipeFault.Usage, e.Message, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    private static SourceConfig CreateSource(SourceUrl url, int index, Secret? key, bool isWhole) => new()
    {
        Name = NameOf(url, index),
        Kind = SourceKind.OpenAi,
        Fingerprint = NameOf(url, index),
        // Whoever names an address on a command line means it.
        Remote = new RemoteConfig { Url = url.Address, Key = key, AllowPrivate = true, IsWhole = isWhole },
        Timeouts = new TimeoutConfig() with { Total = TotalTime },
    };

    private static string NameOf(SourceUrl url, int index) => $"{url.Address.Authority}#{index + 1}";
}
