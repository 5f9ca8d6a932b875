using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Server.Access;
using Sluice.Server.Telemetry;

namespace Sluice.Server;

/// <summary>
/// The HTTP server over a directory of models. Nothing but its arguments configures it: no settings file in the working directory, no
/// environment variable of the web framework. It does not own the sources.
/// </summary>
public sealed class SluiceServer : IAsyncDisposable
{
    // After the drain's deadline the last frames still have to reach their readers.
    private static readonly TimeSpan LastFramesGrace = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ServerOptions _options;
    private readonly LiveTls? _tls;

    private SluiceServer(WebApplication app, ServerOptions options, LiveTls? tls)
    {
        _app = app;
        _options = options;
        _tls = tls;
    }

    /// <summary>The addresses it listens on, with the real port where port 0 was asked for; once started.</summary>
    public IReadOnlyList<string> Urls => [.. _app.Urls];

    /// <summary>A server of these models for everybody, without limits.</summary>
    /// <param name="logging">Where logs go; single lines on stderr unless told otherwise.</param>
    /// <exception cref="OptionsValidationException">An option is out of its range.</exception>
    public static SluiceServer Create(ServerOptions options, ModelDirectory models, Action<ILoggingBuilder>? logging = null) =>
        Create(options, Serving.Openly(models, TimeProvider.System), [], logging);

    /// <param name="meters">What /metrics shows beside the server's own.</param>
    /// <param name="logging">Where logs go; lines on stderr unless told otherwise.</param>
    /// <exception cref="OptionsValidationException">An option is out of its range.</exception>
    public static SluiceServer Create(
        ServerOptions options, Serving serving, IReadOnlyList<Meter> meters, Action<ILoggingBuilder>? logging = null)
    {
        ValidateOptionsResult checkedOptions = new ServerOptionsValidator().Validate(null, options);
        if (checkedOptions.Failed)
            throw new OptionsValidationException(nameof(ServerOptions), typeof(ServerOptions), checkedOptions.Failures);

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(Hurry).UseUrls([.. options.Urls]).ConfigureKestrel(kestrel => Limit(kestrel, options));
        LiveTls? tls = options.Tls is null ? null : new LiveTls(options.Tls);
        if (tls is not null)
            Encrypt(builder.WebHost, options, tls);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + LastFramesGrace);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(new ConnectionBuffers());
        builder.Services.AddSluiceServer(options, serving, meters);
        // The framework's own span for each request, which nobody reads: the server makes its spans itself, where somebody wants them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        (logging ?? (log => LogToStderr(log, options.JsonLog)))(builder.Logging);

        WebApplication app = builder.Build();
        app.UseSluiceServer();
        return new SluiceServer(app, options, tls);
    }

    /// <summary>Serves something else from the next request on; those that are being answered go on with what they began with.</summary>
    public void Serve(Serving next) => _app.Services.GetRequiredService<LiveServing>().Current = next;

    /// <summary>Meets the connections from now on with another certificate; nothing where it listens without one.</summary>
    public void Renew(ServerTls next)
    {
        if (_tls is not null)
            _tls.Current = next;
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">An address is taken, not this machine's, or not allowed to this user; the message names
    /// it.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        try
        {
            await _app.StartAsync(cancellation);
        }
        catch (SocketException refused)
        {
            string addresses = string.Join(", ", _options.Urls);
            throw new IOException($"Cannot listen on {addresses}: {refused.Message}; choose another address.", refused);
        }
    }

    /// <summary>Stops accepting, lets running requests end within the drain time, cuts off the rest with an error they can see.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => _app.StopAsync(cancellation);

    /// <summary>Listens until SIGTERM, SIGINT or <paramref name="cancellation"/>, then stops as <see cref="StopAsync"/> does.</summary>
    public async Task RunAsync(CancellationToken cancellation = default)
    {
        await StartAsync(cancellation);
        await WaitForShutdownAsync(cancellation);
    }

    /// <summary>The second half of <see cref="RunAsync"/>, for who has something to do once it listens.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation = default) => _app.WaitForShutdownAsync(cancellation);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Encrypt(IWebHostBuilder host, ServerOptions options, LiveTls tls)
    {
        IEnumerable<string> urls = options.Urls.Select(url => Regex.Replace(url, "^http:", "https:", RegexOptions.IgnoreCase));
        host.UseKestrelHttpsConfiguration().UseUrls([.. urls]).ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(tls.Configure));
    }

    private static void Limit(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
    }

    // What has arrived is worked on by the thread that received it, and an answer is sent by the thread that made it: otherwise each would
    // be handed to another thread, which has to be woken, three times a request. Nothing here blocks a thread, which is the condition.
    private static void Hurry(SocketTransportOptions sockets) => sockets.UnsafePreferInlineScheduling = true;

    private static void LogToStderr(ILoggingBuilder logging, bool asJson)
    {
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // What keeps the host from starting is thrown at whoever started it; once is enough.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.Services.AddSingleton<ILoggerProvider>(made =>
        {
            var redactor = made.GetRequiredService<Redactor>();
            var time = made.GetRequiredService<TimeProvider>();
            ILogFormatter formatter = asJson ? new JsonLogFormatter(redactor, time) : new TextLogFormatter(redactor, time);
#pragma warning disable RS0030 // The log is what a server says on the console, whoever runs it.
            return new BatchedLog(Console.OpenStandardError(), formatter, time);
#pragma warning restore RS0030
        });
    }
}
