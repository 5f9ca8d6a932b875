using Sluice.Core;
using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Http.Fakes;
using Sluice.Local;

namespace Sluice.Http.Demo;

/// <summary>A server over a model in this process, with KV as the references were computed: in F32.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly LocalModel _model;

    private LocalServer(LocalModel model, TestServer http)
    {
        _model = model;
        Http = http;
    }

    public TestServer Http { get; }

    /// <summary>The model's public name.</summary>
    public string Name => _model.Name;

    /// <summary>What its engine is doing.</summary>
    public EngineLoad Load => _model.Engine.Load;

    /// <param name="model">A path, or the name of an embedded model.</param>
    /// <param name="maxSequences">Requests at one time; further ones queue.</param>
    public static async Task<LocalServer> StartAsync(string model, int maxSequences = 16)
    {
        LocalModel opened = LocalModel.Open(model, new LocalModelOptions
        {
            Engine = new EngineOptions { KvType = DType.F32, ContextTokens = 512, MaxSequences = maxSequences, KvBytes = 256L << 20 },
        });
        try
        {
            return new LocalServer(opened, await TestServer.StartAsync(new LocalSource(opened, TimeProvider.System, new Random(1))));
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Http.DisposeAsync();
        await Eventually.ReturnsAsync(_model.Dispose);
    }
}
