using System.Collections.Immutable;
using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Engine;
using Sluice.Engine.Adapters;
using Sluice.Models.Adapters;
using Sluice.Models.Architectures;
using Sluice.Protocol.Sources;

namespace Sluice.Local.Adapters;

/// <summary>The LoRA adapters of one loaded model, by name. Loaded and unloaded from any thread, also while the model answers.</summary>
internal sealed class LocalAdapters(string model, ILanguageModel target, IComputeDevice device) : IDisposable
{
    private const int LongestName = 128;

    private readonly Lock _changing = new(); // held while the device is waited for, so readers do without
    private readonly Dictionary<string, int> _generations = [];
    private volatile ImmutableDictionary<string, LocalAdapter> _adapters =
        ImmutableDictionary.Create<string, LocalAdapter>(StringComparer.Ordinal);

    private bool _disposed;

    public IReadOnlyList<AdapterInfo> All =>
        [.. _adapters.Values.Select(adapter => adapter.Info).OrderBy(info => info.Name, StringComparer.Ordinal)];

    /// <summary>Null where there is none of that name.</summary>
    public LocalAdapter? Find(string name) => _adapters.GetValueOrDefault(name);

    /// <summary>Whether a text can name an adapter.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= LongestName &&
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <exception cref="SluiceException">The name is taken or no name, the files are no adapter of this model, or there is no
    /// memory left.</exception>
    public void Load(AdapterInfo adapter)
    {
        if (!IsName(adapter.Name))
        {
            throw new SluiceException(
                $"an adapter's name has 1 to {LongestName} letters, digits, dots, hyphens and underscores; '{adapter.Name}' is none");
        }
        if (!float.IsFinite(adapter.Scale))
            throw new SluiceException($"an adapter cannot be scaled by {adapter.Scale}");
        if (target is not IAdaptable { Adapters: var table })
            throw new SluiceException($"'{model}' takes no adapters: its architecture does not open its products to them");
        if (Find(adapter.Name) is not null)
            throw Taken(adapter.Name);
        using var package = AdapterPackage.Open(adapter.Path);
        var lease = device.Memory.Lease(table.BytesOf(package), $"the adapter '{adapter.Name}'");
        try
        {
            Attach(adapter, table, table.Read(package, adapter.Scale), lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Lets requests end as <see cref="LlmEngine.CloseAdapterAsync"/> does, then frees it.</summary>
    /// <returns>False where there is none of that name.</returns>
    public async Task<bool> UnloadAsync(LlmEngine engine, string name, TimeSpan drain)
    {
        LocalAdapter? adapter;
        lock (_changing)
        {
            if (!_adapters.TryGetValue(name, out adapter))
                return false;
            _adapters = _adapters.Remove(name);
        }
        await engine.CloseAdapterAsync(adapter.Requests, drain).ConfigureAwait(false);
        lock (_changing)
        {
            if (!_disposed) // otherwise the model frees it
            {
                using (device.EnterStep())
                    ((IAdaptable)target).Adapters.Detach(adapter.Number);
            }
        }
        adapter.Memory.Dispose();
        return true;
    }

    /// <summary>Gives the memory back; the model frees the adapters themselves, after this.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            _disposed = true;
            foreach (var adapter in _adapters.Values)
                adapter.Memory.Dispose();
            _adapters = _adapters.Clear();
        }
    }

    /// <summary>Between two steps, because a backend is used by one thread at a time.</summary>
    private void Attach(AdapterInfo adapter, AdapterTable table, AdapterWeights weights, MemoryLease lease)
    {
        lock (_changing)
        {
            if (_disposed || _adapters.ContainsKey(adapter.Name))
            {
                weights.Dispose();
                throw _disposed ? new SluiceException($"'{model}' is shutting down") : Taken(adapter.Name);
            }
            int number;
            using (device.EnterStep())
                number = table.Attach(weights);
            int generation = _generations[adapter.Name] = _generations.GetValueOrDefault(adapter.Name) + 1;
            var requests = new EngineAdapter(number, adapter.Name, generation);
            _adapters = _adapters.Add(adapter.Name, new LocalAdapter(adapter, number, requests, lease));
        }
    }

    private SluiceException Taken(string name) => new($"'{model}' has an adapter '{name}' already; unload it first or take another name");
}
