using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>Why no member of a pool can take a request now, and when one might.</summary>
internal readonly record struct Refusal(SourceFailure Reason, TimeSpan? RetryAfter)
{
    public SourceException ToException(string pool) => Reason == SourceFailure.Busy
        ? new SourceException(Reason, $"All sources of '{pool}' are at their limits; come back later.", RetryAfter)
        : new SourceException(Reason, $"No source of '{pool}' can be reached now; come back later.", RetryAfter);
}
