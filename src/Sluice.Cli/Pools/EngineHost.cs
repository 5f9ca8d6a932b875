using Sluice.Cli.Flags;
using Sluice.Core.Backend;
using Sluice.Engine;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Local;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Pools;

/// <summary>The engines of a configured source: replicas over the same files, each with a KV cache of its own. Borrows the device.</summary>
internal sealed class EngineHost : ISourceHost
{
    private readonly List<LocalModel> _models = [];
    private readonly List<LocalSource> _sources = [];

    private EngineHost() { }

    /// <exception cref="Core.Errors.SluiceException">The model cannot be opened.</exception>
    public static EngineHost Open(SourceConfig source, IComputeDevice device, TimeProvider time, Random random)
    {
        EngineConfig config = source.Engine!;
        var host = new EngineHost();
        try
        {
            for (int replica = 0; replica < config.Replicas; replica++)
            {
                LocalModel model = LocalModel.Open(config.Model, OptionsOf(config), device);
                host._models.Add(model);
                host._sources.Add(new LocalSource(model, time, new Random(random.Next()), family: host));
            }
            return host;
        }
        catch
        {
            host.Close();
            throw;
        }
    }

    public IReadOnlyList<ICompletionSource> Open(string model) => _sources;

    /// <summary>What is in this process is there.</summary>
    public Task<bool> ProbeAsync(CancellationToken cancellation) => Task.FromResult(true);

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private static LocalModelOptions OptionsOf(EngineConfig config)
    {
        var defaults = new EngineOptions();
        return new LocalModelOptions
        {
            Draft = config.Draft,
            Engine = defaults with
            {
                KvType = config.KvType is { } type ? EngineFlags.KvTypes.First(known => known.Name == type).Type : defaults.KvType,
                KvBytes = config.KvBytes ?? defaults.KvBytes,
                MaxSequences = config.MaxSequences ?? defaults.MaxSequences,
                MaxStepTokens = config.MaxTokens ?? defaults.MaxStepTokens,
            },
        };
    }

    private void Close()
    {
        foreach (LocalModel model in _models)
            model.Dispose();
    }
}
