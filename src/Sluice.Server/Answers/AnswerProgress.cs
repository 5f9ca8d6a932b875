using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Answers;

/// <summary>Watches the events of one answer: measures them, and knows at the end whether the source kept its word.</summary>
internal sealed class AnswerProgress(CompletionRequest request, ServerMetrics metrics, TimeProvider time, long started)
{
    private int _openChoices = request.TotalChoices;
    private long _lastText;

    public void Observe(in CompletionEvent e)
    {
        if (e.Text.Length > 0)
            ObserveText();
        if (e.FinishReason is not null)
            _openChoices--;
        if (e.Usage is { } usage)
            metrics.CountTokens(request.Model, usage);
    }

    /// <exception cref="SourceException">The stream ended before every choice did; half an answer is not passed off as a whole
    /// one.</exception>
    public void RequireFinished()
    {
        if (_openChoices > 0)
            throw new SourceException(SourceFailure.Failed, "The source stopped before the answer was finished.");
    }

    private void ObserveText()
    {
        long now = time.GetTimestamp();
        if (_lastText == 0)
            metrics.RecordFirstText(request.Model, time.GetElapsedTime(started, now));
        else
            metrics.RecordNextText(request.Model, time.GetElapsedTime(_lastText, now));
        _lastText = now;
    }
}
