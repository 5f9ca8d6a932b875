namespace Sluice.Protocol.Sources;

/// <summary>What a prepared request would meet at a source.</summary>
/// <param name="CachedTokens">Prompt tokens whose KV is at hand there.</param>
/// <param name="QueuedTokens">Tokens of work ahead of it.</param>
/// <param name="ExpectedWait">Expected time until its first step; null where unknown.</param>
public readonly record struct Outlook(int CachedTokens, int QueuedTokens, TimeSpan? ExpectedWait);
