namespace Sluice.Engine.Requests;

/// <summary>The second tier of KV: cached blocks in a file.</summary>
/// <param name="Blocks">Blocks that the file holds.</param>
/// <param name="Written">Blocks written to it so far.</param>
/// <param name="Read">Blocks read back into memory so far.</param>
/// <param name="Failed">Whether reading or writing failed, after which the file is not used any more.</param>
public readonly record struct ColdLoad(int Blocks, long Written, long Read, bool Failed);
