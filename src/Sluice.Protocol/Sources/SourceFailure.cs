namespace Sluice.Protocol.Sources;

public enum SourceFailure
{
    /// <summary>The queue is full: 429.</summary>
    Busy,

    /// <summary>Shutting down or not reachable: 503.</summary>
    Unavailable,

    /// <summary>The work itself failed: 500.</summary>
    Failed,

    /// <summary>It refuses whatever we ask (our key, the model, the address), so asking it again changes nothing: 500.</summary>
    Refused,

    /// <summary>The request's deadline passed first: 504.</summary>
    Late,
}
