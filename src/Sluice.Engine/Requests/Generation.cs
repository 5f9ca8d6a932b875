using System.Threading.Channels;

namespace Sluice.Engine.Requests;

/// <summary>
/// A submitted request, seen by its reader: one stream of events that ends with exactly one finish. Dispose it, or abort, when nobody reads
/// any more; that releases its place in the queue at once and its step work at the next layer.
/// </summary>
public sealed class Generation : IDisposable
{
    private readonly Channel<GenerationEvent> _events;
    private readonly Action<Generation> _onAbort;
    private int _aborted;
    private int _finished;

    /// <param name="maxEvents">Most events it can have, so that writing never waits and never drops.</param>
    internal Generation(GenerationRequest request, int maxEvents, Action<Generation> onAbort)
    {
        Request = request;
        _onAbort = onAbort;
        _events = Channel.CreateBounded<GenerationEvent>(
            new BoundedChannelOptions(maxEvents) { SingleReader = true, SingleWriter = false });
    }

    public GenerationRequest Request { get; }

    /// <summary>Prompt tokens that were not computed again; known once the first token came.</summary>
    public int CachedTokens { get; internal set; }

    /// <summary>Tokens proposed ahead and computed so far, whether they came true or not.</summary>
    public int ProposedTokens { get; internal set; }

    /// <summary>Those of them that came true.</summary>
    public int AcceptedTokens { get; internal set; }

    /// <summary>Whether somebody asked for its end.</summary>
    public bool IsAborted => Volatile.Read(ref _aborted) != 0;

    /// <summary>The events, for one reader. Cancelling the read does not end the generation; <see cref="Abort"/> does.</summary>
    public IAsyncEnumerable<GenerationEvent> ReadAllAsync(CancellationToken cancellation = default) =>
        _events.Reader.ReadAllAsync(cancellation);

    /// <summary>Ends it from the reader's side. Safe from any thread, at any time, more than once.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _aborted, 1) == 0)
            _onAbort(this);
    }

    public void Dispose() => Abort();

    /// <summary>For the engine's thread.</summary>
    internal void Emit(int token, TokenScores? scores) => _events.Writer.TryWrite(new GenerationEvent(token, Scores: scores));

    /// <summary>Ends the stream; only the first call counts.</summary>
    internal void Finish(FinishReason reason, Exception? fault = null, float[]? embedding = null)
    {
        if (Interlocked.Exchange(ref _finished, 1) != 0)
            return;
        _events.Writer.TryWrite(new GenerationEvent(-1, reason, fault, embedding));
        _events.Writer.Complete();
    }
}
