using System.Runtime.CompilerServices;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Sources;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Managed;

/// <summary>One model on one replica of a managed server: what arrives while it does not run waits for its start.</summary>
internal sealed class ManagedSource(ManagedHost host, Replica replica, SourceConfig config, string model, TimeProvider time)
    : ICompletionSource, IEmbeddingSource, ILoadReporter, IStartable
{
    private int _running;

    public SourceInfo Info { get; } = new(replica.Name, [model], time.GetUtcNow());

    public SourceCapabilities Capabilities { get; } = new(ContextTokens: null, Chat: true);

    public bool Embeds { get; } = RemoteKind.Of(config.Kind).EmbeddingsPath is not null;

    public SourceLoad Load => Volatile.Read(ref _running) is var running && replica.Readiness == Readiness.Running
        ? new SourceLoad(running, Queued: 0)
        : new SourceLoad(Running: 0, running);

    public Readiness Readiness => replica.Readiness;

    public bool IsResting(out TimeSpan left) => replica.IsResting(out left);

    public Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, RequestContext context, CancellationToken cancellation) =>
        RunAsync(source => source.EmbedAsync(request, context, cancellation), cancellation);

    public async ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation) =>
        await RunAsync(source => source.PrepareAsync(request, context, cancellation).AsTask(), cancellation).ConfigureAwait(false);

    /// <remarks>What one server prepared another may complete: it holds the request, in this kind's language.</remarks>
    public async IAsyncEnumerable<CompletionEvent> CompleteAsync(
        Prepared prepared, [EnumeratorCancellation] CancellationToken cancellation)
    {
        RemoteSource source = await EnterAsync(cancellation).ConfigureAwait(false);
        try
        {
            await foreach (CompletionEvent e in source.CompleteAsync(prepared, cancellation).ConfigureAwait(false))
                yield return e;
        }
        finally
        {
            Exit();
        }
    }

    private async Task<T> RunAsync<T>(Func<RemoteSource, Task<T>> work, CancellationToken cancellation)
    {
        RemoteSource source = await EnterAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await work(source).ConfigureAwait(false);
        }
        finally
        {
            Exit();
        }
    }

    private async Task<RemoteSource> EnterAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _running);
        try
        {
            RemoteHost server = await host.EnterAsync(replica, cancellation).ConfigureAwait(false);
            return (RemoteSource)server.Open(model)[0];
        }
        catch
        {
            Interlocked.Decrement(ref _running);
            throw;
        }
    }

    private void Exit()
    {
        replica.Exit();
        Interlocked.Decrement(ref _running);
    }
}
