namespace Sluice.Protocol.Sources;

/// <summary>Answers with text. There is one event stream; a blocking call folds it.</summary>
public interface ICompletionSource : ISource
{
    /// <summary>
    /// Runs a prepared request. Events of one choice come in order and end with exactly one event that has a
    /// <see cref="CompletionEvent.FinishReason"/>; the last event of the stream carries the usage. Leaving the enumeration or cancelling
    /// stops the work.
    /// </summary>
    /// <exception cref="SourceException">The source could not start or failed.</exception>
    IAsyncEnumerable<CompletionEvent> CompleteAsync(Prepared prepared, CancellationToken cancellation);
}
