namespace Sluice.Engine.Requests;

/// <summary>What the KV blocks hold at one moment, over all KV groups, and what became of prefixes so far.</summary>
/// <param name="UsedBlocks">Blocks that sequences hold.</param>
/// <param name="CachedBlocks">Blocks that nobody holds but whose content later requests can find.</param>
/// <param name="EmptyBlocks">Blocks without use or known content.</param>
/// <param name="HitTokens">Prompt tokens taken from the prefix cache.</param>
/// <param name="MissTokens">Prompt tokens that had to be computed.</param>
/// <param name="Evictions">Cached blocks whose content was given up for another.</param>
public readonly record struct KvLoad(int UsedBlocks, int CachedBlocks, int EmptyBlocks, long HitTokens, long MissTokens, long Evictions)
{
    /// <summary>The second tier; all zero where there is none.</summary>
    public ColdLoad Cold { get; init; }

    /// <summary>Blocks whose content is pinned, used or cached.</summary>
    public int PinnedBlocks { get; init; }

    /// <summary>Blocks that can be taken.</summary>
    public int FreeBlocks => CachedBlocks + EmptyBlocks;

    public int Blocks => UsedBlocks + FreeBlocks;
}
