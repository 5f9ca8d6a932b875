namespace Sluice.Protocol.Sources;

/// <summary>
/// What a source is doing at one moment, and what it has done since it was opened. What it does not know or does not have is 0.
/// </summary>
/// <param name="Running">Requests being worked on.</param>
/// <param name="Queued">Requests waiting for their first step.</param>
/// <param name="KvBlocksUsed">KV blocks that requests hold.</param>
/// <param name="KvBlocksCached">KV blocks that nobody holds but whose content a later request can find.</param>
/// <param name="KvBlocks">KV blocks there are; those neither used nor cached are empty.</param>
public readonly record struct SourceLoad(int Running, int Queued, int KvBlocksUsed = 0, int KvBlocksCached = 0, int KvBlocks = 0)
{
    /// <summary>KV blocks, used or cached, that stay cached longest.</summary>
    public int KvBlocksPinned { get; init; }

    /// <summary>Prompt tokens taken from the prefix cache.</summary>
    public long PrefixHitTokens { get; init; }

    /// <summary>Prompt tokens that were not in it.</summary>
    public long PrefixMissTokens { get; init; }

    /// <summary>Cached KV blocks given up for other content.</summary>
    public long KvEvictions { get; init; }

    /// <summary>Cached KV blocks in the file of the second tier.</summary>
    public long ColdBlocks { get; init; }

    /// <summary>KV blocks read back from it.</summary>
    public long ColdReads { get; init; }

    /// <summary>KV blocks written to it.</summary>
    public long ColdWrites { get; init; }

    /// <summary>Whether the file failed and is not used any more.</summary>
    public bool ColdFailed { get; init; }

    /// <summary>Requests put back into the queue for want of KV blocks.</summary>
    public long Preemptions { get; init; }

    /// <summary>Prompt tokens computed, those computed again after a preemption included.</summary>
    public long PromptTokensComputed { get; init; }

    public long TokensGenerated { get; init; }

    /// <summary>Tokens proposed ahead and computed.</summary>
    public long DraftTokensProposed { get; init; }

    /// <summary>Those of them that came true.</summary>
    public long DraftTokensAccepted { get; init; }

    /// <summary>Whether the draft model failed and is not asked any more.</summary>
    public bool DraftFailed { get; init; }
}
