namespace Sluice.Engine.Kv;

/// <summary>The content of KV blocks as bytes, exactly as stored, for whoever keeps it elsewhere. For the engine's thread.</summary>
internal interface IBlockBytes
{
    void SaveBlock(int group, int block, Span<byte> bytes);

    void LoadBlock(int group, int block, ReadOnlySpan<byte> bytes);
}
