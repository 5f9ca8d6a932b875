using Sluice.Models;
using Sluice.Protocol.Sources;

namespace Sluice.Local.Lifecycle;

/// <summary>How several models are kept in one process.</summary>
public sealed record LocalModelsOptions
{
    /// <summary>How each of them is opened. They keep their own names.</summary>
    public LocalModelOptions Model { get; init; } = new();

    /// <summary>LoRA adapters that models are loaded with, by the model's name; more can come and go later.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AdapterInfo>> Adapters { get; init; } =
        new Dictionary<string, IReadOnlyList<AdapterInfo>>();

    /// <summary>
    /// After how long without a request a model is unloaded; null keeps it. Where it is set, a model that has no memory left to be loaded
    /// makes those give way that nobody uses, the longest unused first.
    /// </summary>
    public TimeSpan? IdleUnload { get; init; }

    /// <summary>Called with the name and files of each model before any is loaded; what it throws refuses them all.</summary>
    public Action<string, ModelPackage> Check { get; init; } = (_, _) => { };

    /// <summary>Called with each model that was loaded, before its first request.</summary>
    public Action<LocalModel> Loaded { get; init; } = _ => { };

    /// <summary>Called with the name of each model that was unloaded, but for those that end with the whole.</summary>
    public Action<string> Unloaded { get; init; } = _ => { };
}
