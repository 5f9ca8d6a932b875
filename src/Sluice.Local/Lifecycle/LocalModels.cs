using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Models;

namespace Sluice.Local.Lifecycle;

/// <summary>
/// Several models over one device and its one memory budget, each loaded when it is first asked for and unloaded when told to or when
/// nobody asked for a while. Borrows the device, which must outlive it.
/// </summary>
public sealed class LocalModels : IAsyncDisposable
{
    private readonly IComputeDevice _device;
    private readonly LocalModelsOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly SemaphoreSlim _loading = new(1); // one after the other, or two would plan with the same memory
    private readonly Dictionary<string, ModelSlot> _slots = [];

    /// <param name="models">Names or paths that <see cref="ModelLocator"/> knows. Their files are looked into; none is loaded.</param>
    /// <param name="random">Seeds requests that bring no seed.</param>
    /// <exception cref="ArgumentException">Two of them have one name.</exception>
    /// <exception cref="SluiceException">One is no model, or its weights alone are more than the budget.</exception>
    public LocalModels(IComputeDevice device, IReadOnlyList<string> models, LocalModelsOptions options, TimeProvider time, Random random)
    {
        (_device, _options, _time, _random) = (device, options, time, random);
        var sources = new List<LocalModelSource>(models.Count);
        foreach (string model in models)
        {
            string name = ModelLocator.NameOf(model);
            CheckFiles(model, name);
            var adapters = new SlotAdapters(options.Adapters.GetValueOrDefault(name, []));
            var slot = new ModelSlot(name, () => LoadAsync(model, adapters), time, options.IdleUnload, options.Unloaded);
            sources.Add(new LocalModelSource(slot, adapters, time.GetUtcNow()));
            if (!_slots.TryAdd(name, slot))
                throw new ArgumentException($"Two models would be called '{name}': rename one of the files.", nameof(models));
        }
        if (options.Adapters.Keys.FirstOrDefault(name => !_slots.ContainsKey(name)) is { } nobody)
            throw new SluiceException($"there are adapters for '{nobody}', but no model of that name");
        Sources = sources;
    }

    /// <summary>One for each model, loaded or not.</summary>
    public IReadOnlyList<LocalModelSource> Sources { get; }

    /// <summary>Loads a model ahead of its first request.</summary>
    /// <exception cref="SluiceException">There is none of that name, or it cannot be loaded; with the figures where
    /// memory is short.</exception>
    public async Task LoadAsync(string name, CancellationToken cancellation)
    {
        try
        {
            using var lease = await Find(name).TakeAsync(cancellation).ConfigureAwait(false);
        }
        catch (Protocol.Sources.SourceException e) when (e.InnerException is SluiceException reason)
        {
            throw reason;
        }
    }

    /// <summary>
    /// Unloads a model: requests that come meanwhile are refused, those that run have <paramref name="drain"/> to end and are then ended.
    /// The next request after that loads it again.
    /// </summary>
    /// <exception cref="SluiceException">There is none of that name.</exception>
    public Task UnloadAsync(string name, TimeSpan drain, CancellationToken cancellation) => Find(name).UnloadAsync(drain, cancellation);

    /// <summary>Ends what runs and unloads all.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (ModelSlot slot in _slots.Values)
            await slot.DisposeAsync().ConfigureAwait(false);
        _loading.Dispose();
    }

    private ModelSlot Find(string name) => _slots.GetValueOrDefault(name)
        ?? throw new SluiceException($"no model '{name}' here; there are {string.Join(", ", _slots.Keys)}");

    private void CheckFiles(string model, string name)
    {
        using var package = ModelPackage.Open(ModelLocator.Resolve(model));
        _options.Check(name, package);
        long bytes = package.TensorBytes, capacity = _device.Memory.CapacityBytes;
        if (bytes > capacity)
        {
            throw new MemoryExceededException(
                $"the weights of '{name}' are {bytes / 1048576.0:F1} MiB, " +
                $"more than the whole memory budget of {capacity / 1048576.0:F1} MiB; " +
                "allow more memory or take a smaller model");
        }
    }

    private async Task<LoadedModel> LoadAsync(string model, SlotAdapters adapters)
    {
        await _loading.WaitAsync().ConfigureAwait(false);
        try
        {
            return Open(model, adapters);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>
    /// Opening reads no weight: every lease is asked for first, so that what does not fit is refused in milliseconds, with the figures, and
    /// leaves nothing behind.
    /// </summary>
    private LoadedModel Open(string model, SlotAdapters adapters)
    {
        while (true)
        {
            try
            {
                return Announce(LocalModel.Open(model, _options.Model with { Adapters = adapters.All }, _device));
            }
            catch (MemoryExceededException) when (TryMakeRoom())
            {
                // Somebody gave way; it may fit now.
            }
        }
    }

    private LoadedModel Announce(LocalModel opened)
    {
        try
        {
            _options.Loaded(opened);
            return new LoadedModel(opened, new LocalSource(opened, _time, new Random(_random.Next())));
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Unloads the model that has been unused for longest; false where all are in use, or have to stay.</summary>
    private bool TryMakeRoom() => _options.IdleUnload is not null && _slots.Values
        .Where(slot => slot.IdleSince is not null)
        .OrderBy(slot => slot.IdleSince)
        .Any(slot => slot.TryUnload());
}
