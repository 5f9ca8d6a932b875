using System.Security.Cryptography;
using Sluice.Cli.Pools;
using Sluice.Cli.Streams;
using Sluice.Cpu;
using Sluice.Gateway;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Routing;
using Sluice.Pipe.Reports;

namespace Sluice.Cli.Pipes;

/// <summary>A pool of a <c>sluice.yaml</c> as the source of a run.</summary>
internal static class PipeConfigFile
{
    /// <param name="model">Name of a pool; null takes the only one.</param>
    /// <param name="hedge">How the pool hedges for this run; null as the file says.</param>
    /// <exception cref="ConfigException">The file is not valid.</exception>
    /// <exception cref="UsageException">It has no such pool.</exception>
    public static async Task<PipeSource> OpenAsync(
        Terminal terminal, string file, string? model, HedgeConfig? hedge, CpuDeviceOptions options,
        CancellationToken cancellation)
    {
        GatewayConfig config = GatewayConfig.Load(file);
        string names = string.Join(", ", config.Pools.Select(pool => pool.Name));
        model ??= config.Pools.Count == 1
            ? config.Pools[0].Name
            : throw new UsageException($"{file} has several pools: say which with -m: {names}.");
        if (!config.Pools.Any(pool => pool.Name == model))
            throw new UsageException($"{file} has no pool '{model}'; it has {names}.");

        if (hedge is not null)
            config = config with { Pools = [.. config.Pools.Select(pool => pool.Name == model ? pool with { Hedge = hedge } : pool)] };

        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        var device = new CpuDevice(options);
        var metrics = new PoolMetrics();
        LiveGateway? gateway = null;
        try
        {
            var hosts = new SourceHosts(file, device, TimeProvider.System, new Random(seed), terminal.Say);
            gateway = await LiveGateway.StartAsync(
                config, hosts.MakeAsync, metrics, TimeProvider.System, new Chance((ulong)seed), cancellation);
            var asked = gateway.Current.Pools.First(pool => pool.Info.Name == model);
            return PipeSource.Of(asked, CloseAsync, gateway.Current.Secrets, PricesOf(config, model));
        }
        catch
        {
            await CloseAsync();
            throw;
        }

        async ValueTask CloseAsync()
        {
            if (gateway is not null)
                await gateway.DisposeAsync();
            metrics.Dispose();
            device.Dispose();
        }
    }

    /// <summary>What a pool's members cost: of several the dearest, for nobody knows beforehand which of them will answer.</summary>
    private static Prices? PricesOf(GatewayConfig config, string pool)
    {
        PriceConfig[] prices = [.. config.Pools.First(one => one.Name == pool).Members
            .Select(member => config.Sources.First(source => source.Name == member.Source).Prices.GetValueOrDefault(member.Model))
            .OfType<PriceConfig>()];
        return prices.Length == 0 ? null : new Prices(
            prices.Max(price => price.Input), prices.Max(price => price.Output), prices.Max(price => price.CachedInput ?? price.Input));
    }
}
