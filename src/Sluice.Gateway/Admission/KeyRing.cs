using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Gateway.Admission;

/// <summary>The keys that are known, by their hashes: the keys themselves are nowhere.</summary>
internal sealed class KeyRing
{
    private const int LongestKey = 512;

    // By the first bytes of the hash, which tell nothing of the key; the whole is then compared in constant time.
    private readonly FrozenDictionary<ulong, Visitor[]> _byPrefix;

    public KeyRing(IEnumerable<Visitor> keys) =>
        _byPrefix = keys.GroupBy(key => PrefixOf(key.Key!.Hash.Span)).ToFrozenDictionary(same => same.Key, same => same.ToArray());

    /// <summary>Whose key it is; null where it is nobody's.</summary>
    public Visitor? Find(string key)
    {
        if (key.Length > LongestKey)
            return null;
        Span<byte> text = stackalloc byte[LongestKey * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(key, text)], hash);
        Visitor? found = null;
        foreach (Visitor candidate in _byPrefix.GetValueOrDefault(PrefixOf(hash), []))
            found = CryptographicOperations.FixedTimeEquals(candidate.Key!.Hash.Span, hash) ? candidate : found;
        return found;
    }

    private static ulong PrefixOf(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);
}
