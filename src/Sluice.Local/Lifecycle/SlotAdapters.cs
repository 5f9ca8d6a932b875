using Sluice.Core.Errors;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local.Lifecycle;

/// <summary>
/// The adapters that a model of <see cref="LocalModels"/> has whenever it is loaded. Changed only while it is; safe from any thread.
/// </summary>
internal sealed class SlotAdapters(IReadOnlyList<AdapterInfo> first)
{
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<AdapterInfo> _all = first;

    public IReadOnlyList<AdapterInfo> All => _all;

    /// <exception cref="InvalidRequestException">The name is taken or no name, or the files are no adapter of this model.</exception>
    /// <exception cref="SourceException">There is no memory left for it.</exception>
    public async Task LoadAsync(LocalModel model, AdapterInfo adapter, CancellationToken cancellation)
    {
        try
        {
            await Task.Run(() => model.LoadAdapter(adapter), cancellation).ConfigureAwait(false);
        }
        catch (MemoryExceededException full)
        {
            throw new SourceException(SourceFailure.Unavailable, full.Message, inner: full);
        }
        catch (SluiceException mistake)
        {
            throw new InvalidRequestException(mistake.Message, code: "invalid_adapter");
        }
        lock (_gate)
            _all = [.. _all, adapter];
    }

    /// <inheritdoc cref="IAdapterHost.UnloadAdapterAsync"/>
    public async Task UnloadAsync(LocalModel model, string name, TimeSpan drain)
    {
        lock (_gate)
            _all = [.. _all.Where(adapter => adapter.Name != name)];
        if (!await model.UnloadAdapterAsync(name, drain).ConfigureAwait(false))
            throw new InvalidRequestException($"The model '{model.Name}' has no adapter '{name}'.", "lora_name", "model_not_found", 404);
    }
}
