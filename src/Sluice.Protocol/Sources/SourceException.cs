namespace Sluice.Protocol.Sources;

/// <summary>A source could not answer: busy, gone or broken. The client's request was fine.</summary>
/// <param name="reason">Which of them.</param>
/// <param name="message">One sentence.</param>
/// <param name="retryAfter">When to come back, where known.</param>
public sealed class SourceException(SourceFailure reason, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public SourceFailure Reason { get; } = reason;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
