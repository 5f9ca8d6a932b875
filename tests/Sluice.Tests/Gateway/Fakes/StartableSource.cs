using Sluice.Gateway.Pools;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Gateway.Fakes;

/// <summary>A replica that is as ready as a test says; nobody asks it.</summary>
internal sealed class StartableSource(Readiness readiness) : ICompletionSource, IStartable
{
    public SourceInfo Info { get; } = new("startable", ["m"], DateTimeOffset.UnixEpoch);

    public SourceCapabilities Capabilities { get; } = new(null, Chat: true);

    public Readiness Readiness => readiness;

    public bool IsResting(out TimeSpan left)
    {
        left = TimeSpan.FromSeconds(1);
        return readiness == Readiness.Resting;
    }

    public ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<CompletionEvent> CompleteAsync(Prepared prepared, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
