using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Sluice.Cli.Streams;
using Sluice.Cpu;
using Sluice.Gateway;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Routing;
using Sluice.Server;
using Sluice.Server.Access;

namespace Sluice.Cli.Pools;

/// <summary><c>sluice serve -c FILE</c>: the pools of a file behind one door, and the file watched for changes.</summary>
internal sealed class PoolService(Terminal terminal, string file)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = TimeProvider.System;

    /// <param name="urls">Where to listen; null takes what the file says.</param>
    public async Task RunAsync(CpuDeviceOptions deviceOptions, IReadOnlyList<string>? urls, CancellationToken cancellation)
    {
        GatewayConfig config = GatewayConfig.Load(file);
        LiveGateway? started = null;
        var watch = new ConfigWatch(() => [file, .. (started?.Current.Config ?? config).Files], LookEvery, _time);
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        using var device = new CpuDevice(deviceOptions);
        using var metrics = new PoolMetrics();
        var hosts = new SourceHosts(file, device, _time, new Random(seed), terminal.Say);
        await using LiveGateway gateway =
            await LiveGateway.StartAsync(config, hosts.MakeAsync, metrics, _time, new Chance((ulong)seed), cancellation);
        started = gateway;
        await using SluiceServer server = Create(OptionsOf(config, urls), gateway.Current, metrics);
        await server.StartAsync(cancellation);
        terminal.Say($"serving {string.Join(", ", config.Pools.Select(pool => pool.Name))} on {string.Join(", ", server.Urls)} (Ctrl-C ends)");
        await ServeUntilTheEndAsync(server, gateway, watch, cancellation);
    }

    private async Task ServeUntilTheEndAsync(SluiceServer server, LiveGateway gateway, ConfigWatch watch, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true; // it would end the process
            watch.Ask();
        });
        Task watching = watch.RunAsync(() => ReloadAsync(server, gateway, over.Token), over.Token);
        try
        {
            await server.WaitForShutdownAsync(cancellation);
        }
        finally
        {
            await over.CancelAsync();
            // It ends by being cancelled, and not before a reload under way has: that one works on what is closed next.
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whatever is wrong with the new file, the one before goes on, and that is said.</summary>
    private async Task ReloadAsync(SluiceServer server, LiveGateway gateway, CancellationToken cancellation)
    {
        try
        {
            GatewayConfig before = gateway.Current.Config;
            GatewayConfig now = GatewayConfig.Load(file);
            ServerTls? tls = now.Server.Tls is { } read ? ServedOptions.TlsOf(read) : null;
            GatewaySnapshot next = await gateway.ChangeAsync(now, cancellation);
            server.Serve(Serving.Of(next));
            if (tls is not null)
                server.Renew(tls);
            string rest = NeedsRestart(before, next.Config) ? "; what it says of server and telemetry takes a restart" : "";
            terminal.Say($"{file} reloaded{rest}");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server ends; nothing is reloaded any more.
        }
        catch (Exception fault)
        {
            terminal.Say($"not reloaded, the configuration before goes on: {fault.Message}");
        }
    }

    private static bool NeedsRestart(GatewayConfig before, GatewayConfig now) =>
        before.Telemetry != now.Telemetry || before.Server.MaxBodyBytes != now.Server.MaxBodyBytes
        || before.Server.Tls is null != now.Server.Tls is null || !(before.Server.Urls ?? []).SequenceEqual(now.Server.Urls ?? []);

    private static ServerOptions OptionsOf(GatewayConfig config, IReadOnlyList<string>? urls)
    {
        return ServedOptions.Of(config.Server, urls) with
        {
            LogRequests = config.Telemetry.Log is not null,
            JsonLog = config.Telemetry.Log == LogForm.Json,
            Metrics = config.Telemetry.Metrics,
            Otlp = config.Telemetry.Otlp,
        };
    }

    private static SluiceServer Create(ServerOptions options, GatewaySnapshot gateway, PoolMetrics metrics)
    {
        try
        {
            return SluiceServer.Create(options, Serving.Of(gateway), [metrics.Meter]);
        }
        catch (OptionsValidationException e)
        {
            throw new UsageException(string.Join(' ', e.Failures));
        }
    }
}
