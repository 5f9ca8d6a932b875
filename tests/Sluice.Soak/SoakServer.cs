using Microsoft.Extensions.Logging;
using Sluice.Cpu;
using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Local;
using Sluice.Protocol.Sources;
using Sluice.Server;

namespace Sluice.Soak;

/// <summary>A real server over the demo model, with so little KV memory that sequences have to make room for each other.</summary>
internal sealed class SoakServer : IAsyncDisposable
{
    private const int ContextTokens = 640;
    private const int KvTokens = 2 * ContextTokens;

    private readonly LocalModel _model;
    private readonly SluiceServer _server;
    private bool _disposed;

    private SoakServer(CpuDevice device, LocalModel model, SluiceServer server)
    {
        Device = device;
        _model = model;
        _server = server;
        Client = new HttpClient { BaseAddress = new Uri(server.Urls[0]), Timeout = TimeSpan.FromMinutes(3) };
    }

    public CpuDevice Device { get; }

    public HttpClient Client { get; }

    public EngineLoad Load => _model.Engine.Load;

    public static async Task<SoakServer> StartAsync()
    {
        var device = new CpuDevice();
        var options = new EngineOptions { ContextTokens = ContextTokens, MaxSequences = 12, MaxQueue = 40, MaxStepTokens = 128 };
        LocalModel model = Open(options with { KvBytes = KvTokens * BytesPerToken(device, options) }, device);
        var source = new LocalSource(model, TimeProvider.System, new Random(1));
        var server = SluiceServer.Create(new ServerOptions { Urls = ["http://127.0.0.1:0"] }, new ModelDirectory(source), logging => logging.ClearProviders());
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new SoakServer(device, model, server);
    }

    /// <summary>Frees everything; what the device still has leased after it is leaked.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        Client.Dispose();
        await _server.DisposeAsync();
        _model.Dispose();
        Device.Dispose();
    }

    /// <summary>With drafts for everybody, and an adapter that is served as demo:pirate.</summary>
    private static LocalModel Open(EngineOptions options, CpuDevice device) => LocalModel.Open(
        ModelLocator.Demo,
        new LocalModelOptions { Engine = options, Draft = LocalDraft.Ngram, Adapters = [new AdapterInfo("pirate", Pirate)] },
        device);

    private static string Pirate => Path.Combine(AppContext.BaseDirectory, "models", "demo", "lora", "pirate");

    private static long BytesPerToken(CpuDevice device, EngineOptions options)
    {
        using LocalModel model = Open(options, device);
        return model.Engine.Options.KvBytes / model.Engine.KvTokens;
    }
}
