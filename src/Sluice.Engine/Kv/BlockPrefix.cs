namespace Sluice.Engine.Kv;

/// <summary>
/// What comes before a block, as an identity: the tenant's salt at the beginning of a sequence, afterwards the one published content that the
/// block before it has. Contents are numbered as they are published and never again, so equal prefixes are equal all the way down.
/// </summary>
internal readonly record struct BlockPrefix(string? Salt, long Content)
{
    public static BlockPrefix Beginning(string? salt) => new(salt, 0);

    public static BlockPrefix EndingWith(long content) => new(null, content);
}
