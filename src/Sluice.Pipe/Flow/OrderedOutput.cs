using Sluice.Pipe.Journals;
using Sluice.Pipe.Output;

namespace Sluice.Pipe.Flow;

/// <summary>Takes finished records in order to the output, and notes in the journal how far an output file has come.</summary>
/// <param name="session">Null without a journal.</param>
/// <param name="inOrder">Whether records come in input order, so that a later run could go on behind them.</param>
internal sealed class OrderedOutput(ReorderWindow window, IOutputSink sink, JournalSession? session, bool inOrder, TimeProvider time)
{
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromMilliseconds(500);

    private readonly long _skip = session?.Checkpoint.Records ?? 0;
    private long _cleanRecords = session?.Checkpoint.Records ?? 0;
    private long _cleanBytes = session?.Checkpoint.Bytes ?? 0;
    private long _noted = session?.Checkpoint.Records ?? 0;
    private bool _failureCame;
    private long _lastCheckpoint = time.GetTimestamp();

    /// <summary>Runs until no record comes any more, or it is cancelled; then too all that is in order by then goes out.</summary>
    /// <exception cref="ReaderGoneException">Nobody reads the output any more.</exception>
    /// <exception cref="PipeException">The output or the journal cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (await window.WaitForNextAsync(cancellation).ConfigureAwait(false))
                WriteReady();
        }
        catch (OperationCanceledException)
        {
            WriteReady();
        }
        Note();
    }

    private void WriteReady()
    {
        while (window.TryTake(out long number, out FinishedRecord finished))
        {
            if (number > _skip || _skip == 0)
                sink.Write(finished.Bytes.Span);
            if (finished.IsPart)
                continue;
            // A record that failed is asked again by the next run, so nothing from it on can stay.
            _failureCame |= finished.Failed;
            if (!_failureCame && number > _skip)
                (_cleanRecords, _cleanBytes) = (number, sink.Length);
            if (time.GetElapsedTime(_lastCheckpoint) > CheckpointEvery)
                Note();
        }
        sink.Flush();
    }

    private void Note()
    {
        sink.Flush();
        if (session is { Checkpoint.Output.Length: > 0 } && inOrder && _cleanRecords > _noted)
        {
            sink.Sync(); // what the journal says is in the file must be
            session.Journal.Append(session.Checkpoint with { Records = _cleanRecords, Bytes = _cleanBytes });
            _noted = _cleanRecords;
        }
        _lastCheckpoint = time.GetTimestamp();
    }
}
