using Sluice.Gateway.Pools;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Bench.Load;

/// <summary>Stands for a server in the pool. Routing reads nothing of it but its name; its work is done by a <see cref="SimulatedServer"/>.</summary>
internal sealed class SimulatedSource(string name) : ICompletionSource, ISourceHost
{
    public SourceInfo Info { get; } = new(name, [name], DateTimeOffset.UnixEpoch);

    public SourceCapabilities Capabilities { get; } = new(null, Chat: true);

    public IReadOnlyList<ICompletionSource> Open(string model) => [this];

    public Task<bool> ProbeAsync(CancellationToken cancellation) => Task.FromResult(true);

    public ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation) => throw Unreal();

    public IAsyncEnumerable<CompletionEvent> CompleteAsync(Prepared prepared, CancellationToken cancellation) => throw Unreal();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static InvalidOperationException Unreal() => new("a simulated source answers on the virtual clock only");
}
