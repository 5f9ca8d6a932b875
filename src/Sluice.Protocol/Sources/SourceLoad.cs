namespace Sluice.Protocol.Sources;

/// <param name="Running">Requests being worked on.</param>
/// <param name="Queued">Requests waiting for their first step.</param>
/// <param name="KvBlocksUsed">KV blocks in use, 0 where the source has none.</param>
/// <param name="KvBlocks">KV blocks there are.</param>
public readonly record struct SourceLoad(int Running, int Queued, int KvBlocksUsed, int KvBlocks);
