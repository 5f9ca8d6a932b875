using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Gateway.Admission;

/// <summary>The keys that are known, by their hashes: the keys themselves are nowhere.</summary>
internal sealed class KeyRing
{
    private const int LongestKey = 512;

    // By the first bytes of the hash, which tell nothing of the key; the whole is then compared in constant time.
    private readonly FrozenDictionary<ulong, Visitor[]> _byPrefix;

    // A connection's header Authorization is one object from request to request while it says the same, and lives no longer than the connection.
    // Other headers are new each time: to remember them would be work for nothing.
    private readonly ConditionalWeakTable<string, Visitor> _seen = [];

    public KeyRing(IEnumerable<Visitor> keys) =>
        _byPrefix = keys.GroupBy(key => PrefixOf(key.Key!.Hash.Span)).ToFrozenDictionary(same => same.Key, same => same.ToArray());

    /// <summary>Whose key it is; null where it is nobody's.</summary>
    /// <param name="sent">The key, after its scheme where it has one.</param>
    public Visitor? Find(string sent)
    {
        if (_seen.TryGetValue(sent, out Visitor? known))
            return known;
        bool hasScheme = sent.StartsWith(ApiKey.Scheme, StringComparison.OrdinalIgnoreCase);
        Visitor? found = Find(sent.AsSpan(hasScheme ? ApiKey.Scheme.Length : 0).Trim());
        if (found is not null && hasScheme)
            _seen.AddOrUpdate(sent, found);
        return found;
    }

    private Visitor? Find(ReadOnlySpan<char> key)
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
