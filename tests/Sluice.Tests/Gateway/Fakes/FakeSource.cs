using System.Runtime.CompilerServices;
using Sluice.Gateway.Pools;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Gateway.Fakes;

/// <summary>A source that answers with its own name in a few pieces, or does what a test tells it.</summary>
internal sealed class FakeSource(string name, TimeProvider time) : ICompletionSource, IEmbeddingSource, IScoringSource, ISourceHost
{
    private int _running;

    public SourceInfo Info { get; } = new(name, [name], DateTimeOffset.UnixEpoch);

    public SourceCapabilities Capabilities { get; } = new(null, Chat: true);

    /// <summary>What happens before each piece: by number of the request and of the piece.</summary>
    public Func<int, int, CancellationToken, Task> Before { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Whether an answer ends after its first piece without saying so.</summary>
    public bool StopsHalfway { get; set; }

    public bool IsWell { get; set; } = true;

    public bool Embeds { get; set; } = true;

    /// <summary>What happens when a request is prepared.</summary>
    public Action Preparing { get; set; } = () => { };

    /// <summary>What its answers tell; null where nothing.</summary>
    public Usage? Tells { get; set; } = new(10, 2, 0);

    /// <summary>The terms of the last request that it was asked.</summary>
    public RequestContext? Terms { get; private set; }

    public bool Disposed { get; private set; }

    /// <summary>What closing it throws; null for nothing.</summary>
    public Exception? ClosingFault { get; set; }

    public int Requests { get; private set; }

    public int Running => Volatile.Read(ref _running);

    /// <summary>Runs for a fixed time before the first piece.</summary>
    public FakeSource Taking(TimeSpan first)
    {
        Before = (_, piece, cancellation) => piece == 0 ? Task.Delay(first, time, cancellation) : Task.CompletedTask;
        return this;
    }

    public FakeSource Failing(Func<Exception> fault)
    {
        Before = (_, _, _) => throw fault();
        return this;
    }

    public IReadOnlyList<ICompletionSource> Open(string model) => [this];

    public Task<bool> ProbeAsync(CancellationToken cancellation) => Task.FromResult(IsWell);

    public ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation)
    {
        Terms = context;
        Preparing();
        return ValueTask.FromResult<Prepared>(new FakeSourcePrepared(request, context) { PromptTokens = 10 });
    }

    public async IAsyncEnumerable<CompletionEvent> CompleteAsync(
        Prepared prepared, [EnumeratorCancellation] CancellationToken cancellation)
    {
        int request = Requests++;
        Interlocked.Increment(ref _running);
        try
        {
            await Before(request, 0, cancellation);
            yield return new CompletionEvent(0, name);
            if (StopsHalfway)
                yield break;
            await Before(request, 1, cancellation);
            yield return new CompletionEvent(0, "!", "stop", Tells);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public async Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, RequestContext context, CancellationToken cancellation)
    {
        Terms = context;
        await Before(Requests++, 0, cancellation);
        return new EmbeddingResult([[1f]], new Usage(3, 0, 0));
    }

    public async Task<ScoringResult> ScoreAsync(ScoringRequest request, RequestContext context, CancellationToken cancellation)
    {
        await Before(Requests++, 0, cancellation);
        return new ScoringResult([.. request.Labels.Select(label => new LabelScore(label, 0, 1.0 / request.Labels.Count))], new Usage(3, 1, 0));
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ClosingFault is { } fault ? ValueTask.FromException(fault) : ValueTask.CompletedTask;
    }

    private sealed class FakeSourcePrepared(Request request, RequestContext context) : Prepared(request, context)
    {
        public override void Dispose() { }
    }
}
