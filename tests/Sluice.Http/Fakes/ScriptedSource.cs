using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Fakes;

/// <summary>A source that does what a test tells it, and remembers what was done to it.</summary>
internal sealed class ScriptedSource(params string[] models) : ICompletionSource, ILoadReporter
{
    /// <summary>What every answer is, piece by piece, unless a test scripts another one.</summary>
    public static readonly string[] Pieces = ["Hello", ", ", "Wörld", " 🦊", "!"];

    public const string Text = "Hello, Wörld 🦊!";

    private readonly TaskCompletionSource<long> _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reservations;

    public SourceInfo Info { get; } =
        new("scripted", models.Length > 0 ? models : ["fake"], DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));

    public SourceCapabilities Capabilities { get; } = new(1024, Chat: true);

    public SourceLoad Load { get; set; }

    /// <summary>Runs before the source prepares.</summary>
    public Func<Request, CancellationToken, Task> Preparing { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The events of an answer.</summary>
    public Func<CompletionRequest, CancellationToken, IAsyncEnumerable<CompletionEvent>> Script { get; set; } =
        (request, cancellation) => Answer(request, cancellation: cancellation);

    public ConcurrentQueue<CompletionRequest> Seen { get; } = new();

    public ConcurrentQueue<RequestContext> Contexts { get; } = new();

    /// <summary>Reservations that were made and not given back.</summary>
    public int Reservations => Volatile.Read(ref _reservations);

    /// <summary>The moment, in <see cref="Stopwatch"/> ticks, at which the first reservation was given back.</summary>
    public Task<long> Released => _released.Task;

    public async ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation)
    {
        Seen.Enqueue(request.View);
        Contexts.Enqueue(context);
        await Preparing(request, cancellation);
        Interlocked.Increment(ref _reservations);
        return new FakePrepared(this, request, context);
    }

    public IAsyncEnumerable<CompletionEvent> CompleteAsync(Prepared prepared, CancellationToken cancellation) =>
        Script(prepared.Request.View, cancellation);

    public void Release()
    {
        Interlocked.Decrement(ref _reservations);
        _released.TrySetResult(Stopwatch.GetTimestamp());
    }

    /// <summary>All choices one after the other, each in <see cref="Pieces"/>, with true usage at the end.</summary>
    public static async IAsyncEnumerable<CompletionEvent> Answer(
        CompletionRequest request, string finishReason = "stop", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int choice = 0; choice < request.TotalChoices; choice++)
        {
            foreach (string piece in Pieces)
            {
                await Task.Yield();
                cancellation.ThrowIfCancellationRequested();
                yield return new CompletionEvent(choice, piece);
            }
            bool last = choice == request.TotalChoices - 1;
            yield return new CompletionEvent(choice, "", finishReason, last ? new Usage(7, Pieces.Length * request.TotalChoices, 3) : null);
        }
    }
}
