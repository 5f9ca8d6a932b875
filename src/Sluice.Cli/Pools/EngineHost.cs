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
    private readonly Dictionary<string, IReadOnlyList<ICompletionSource>> _sources = new(StringComparer.Ordinal);
    private readonly EngineConfig _config;
    private readonly TimeProvider _time;
    private readonly Random _random;

    private EngineHost(EngineConfig config, TimeProvider time, Random random) => (_config, _time, _random) = (config, time, random);

    /// <exception cref="Core.Errors.SluiceException">The model cannot be opened.</exception>
    public static EngineHost Open(SourceConfig source, IComputeDevice device, TimeProvider time, Random random)
    {
        EngineConfig config = source.Engine!;
        var host = new EngineHost(config, time, random);
        try
        {
            for (int replica = 0; replica < config.Replicas; replica++)
                host._models.Add(LocalModel.Open(config.Model, OptionsOf(config), device));
            return host;
        }
        catch
        {
            host.Close();
            throw;
        }
    }

    public IReadOnlyList<ICompletionSource> Open(string model)
    {
        if (_sources.TryGetValue(model, out IReadOnlyList<ICompletionSource>? known))
            return known;
        var family = new object(); // what is prepared for one adapter is nothing to another
        string adapter = model == _config.Model ? "" : model;
        ICompletionSource[] sources =
            [.. _models.Select(replica => new LocalSource(replica, _time, new Random(_random.Next()), family, adapter))];
        _sources.Add(model, sources);
        return sources;
    }

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
            Adapters = [.. config.Adapters.Select(adapter => new AdapterInfo(adapter.Key, adapter.Value))],
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
