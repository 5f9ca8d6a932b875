using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local.Lifecycle;

/// <summary>
/// A model of <see cref="LocalModels"/> as a source: a request loads it where it is not loaded, and keeps it loaded until it is answered.
/// </summary>
public sealed class LocalModelSource : ICompletionSource, IEmbeddingSource, IScoringSource, IAdapterHost, ILoadReporter
{
    private readonly ModelSlot _slot;
    private readonly SlotAdapters _adapters;
    private readonly DateTimeOffset _created;

    internal LocalModelSource(ModelSlot slot, SlotAdapters adapters, DateTimeOffset created)
    {
        _slot = slot;
        _adapters = adapters;
        _created = created;
    }

    public SourceInfo Info => new(_slot.Name, LocalModel.NamesOf(_slot.Name, Adapters), _created);

    public IReadOnlyList<AdapterInfo> Adapters => _adapters.All;

    /// <summary>The context is known once the model is loaded, so it is not told here.</summary>
    public SourceCapabilities Capabilities { get; } = new(ContextTokens: null, Chat: true);

    public SourceLoad Load => _slot.Load;

    public async ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation)
    {
        ModelLease lease = await _slot.TakeAsync(cancellation).ConfigureAwait(false);
        try
        {
            return new LeasedPrepared(lease, await lease.Source.PrepareAsync(request, context, cancellation).ConfigureAwait(false));
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public IAsyncEnumerable<CompletionEvent> CompleteAsync(Prepared prepared, CancellationToken cancellation)
    {
        var leased = (LeasedPrepared)prepared;
        return leased.Source.CompleteAsync(leased.Inner, cancellation);
    }

    public async Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, RequestContext context, CancellationToken cancellation)
    {
        using ModelLease lease = await _slot.TakeAsync(cancellation).ConfigureAwait(false);
        return await lease.Source.EmbedAsync(request, context, cancellation).ConfigureAwait(false);
    }

    public async Task<ScoringResult> ScoreAsync(ScoringRequest request, RequestContext context, CancellationToken cancellation)
    {
        using ModelLease lease = await _slot.TakeAsync(cancellation).ConfigureAwait(false);
        return await lease.Source.ScoreAsync(request, context, cancellation).ConfigureAwait(false);
    }

    /// <summary>Also for as often as the model is loaded again later.</summary>
    public async Task LoadAdapterAsync(AdapterInfo adapter, CancellationToken cancellation)
    {
        using ModelLease lease = await _slot.TakeAsync(cancellation).ConfigureAwait(false);
        await _adapters.LoadAsync(lease.Source.Model, adapter, cancellation).ConfigureAwait(false);
    }

    public async Task UnloadAdapterAsync(string name, TimeSpan drain, CancellationToken cancellation)
    {
        using ModelLease lease = await _slot.TakeAsync(cancellation).ConfigureAwait(false);
        await _adapters.UnloadAsync(lease.Source.Model, name, drain).ConfigureAwait(false);
    }
}
