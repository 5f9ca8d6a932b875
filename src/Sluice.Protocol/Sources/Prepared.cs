using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Sources;

/// <summary>What a source knows of a request before it starts. A source derives from it to keep what it needs itself (token ids).</summary>
public abstract class Prepared(Request request, RequestContext context) : IDisposable
{
    public Request Request { get; } = request;

    public RequestContext Context { get; } = context;

    /// <summary>Prompt tokens; exact where local, an estimate where remote.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Hash of each whole block of the prompt, chained, for prefix-aware routing; empty where unknown.</summary>
    public ReadOnlyMemory<ulong> PrefixBlocks { get; init; }

    /// <summary>Prompt tokens whose KV is at hand already.</summary>
    public int CachedTokens { get; init; }

    /// <summary>Tokens of work ahead of this request.</summary>
    public int QueuedTokens { get; init; }

    /// <summary>Expected time until its first step; null where unknown.</summary>
    public TimeSpan? ExpectedWait { get; init; }

    /// <summary>Whether its answer comes as one event at its end, so that nothing is seen of it before.</summary>
    public bool AnswersAtOnce { get; init; }

    public abstract void Dispose();
}
