using Sluice.Gateway.Admission;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Answers;

/// <summary>Watches the events of one answer: measures them, and knows at the end whether the source kept its word.</summary>
internal sealed class AnswerProgress(Request request, ServerMetrics metrics, Admission admission, TimeProvider time, long started)
{
    private long _lastText;

    // Unknown until the first event: whoever relays bytes answers for the end of the stream and needs no view of the request.
    private int? _openChoices;

    public void Observe(in CompletionEvent e)
    {
        // An answer in one body may come as one event at its end: that says nothing of its first token, nor of those after it.
        if (request.Head.Stream)
            admission.ObserveFirst();
        _openChoices ??= e.Raw.IsEmpty ? request.View.TotalChoices : 0;
        if (e.HasContent || e.Raw.Length > 0)
            ObservePiece();
        if (e.FinishReason is not null)
            _openChoices--;
        if (e.Usage is not { } usage)
            return;
        metrics.CountTokens(request.Head.Model, usage);
        admission.ObserveUsage(usage);
    }

    /// <exception cref="SourceException">The stream ended before every choice did; half an answer is not passed off as a whole
    /// one.</exception>
    public void RequireFinished()
    {
        if (_openChoices is null or > 0)
            throw new SourceException(SourceFailure.Failed, "The source stopped before the answer was finished.");
        admission.Complete();
    }

    private void ObservePiece()
    {
        admission.ObservePiece();
        if (!request.Head.Stream)
            return;
        long now = time.GetTimestamp();
        if (_lastText == 0)
            metrics.RecordFirstText(request.Head.Model, time.GetElapsedTime(started, now));
        else
            metrics.RecordNextText(request.Head.Model, time.GetElapsedTime(_lastText, now));
        _lastText = now;
    }
}
