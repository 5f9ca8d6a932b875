using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sluice.Models.Tokenizers;

/// <summary>
/// A hash for short byte strings and token pairs: folded 64-bit products, as in wyhash. Seeded anew in every process, so that no file can bring
/// spellings that were chosen to collide.
/// </summary>
internal static class ByteHash
{
    private const ulong First = 0xA0761D6478BD642F;
    private const ulong Second = 0xE7037ED1A0B428DB;

    // The runtime seeds string hashes anew in every process; asking for random bytes would load a cryptography library at start-up.
    private static readonly ulong Seed = (ulong)(uint)"first".GetHashCode(StringComparison.Ordinal) << 32 | (uint)"second".GetHashCode(StringComparison.Ordinal);

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = Seed ^ ((ulong)bytes.Length * First);
        while (bytes.Length > 8)
        {
            hash = Fold(hash ^ MemoryMarshal.Read<ulong>(bytes), First);
            bytes = bytes[8..];
        }
        return (uint)Fold(hash ^ Tail(bytes), Second);
    }

    public static uint Of(ulong key) => (uint)Fold(key ^ Seed, First);

    private static ulong Tail(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        8 => MemoryMarshal.Read<ulong>(bytes),
        >= 4 => MemoryMarshal.Read<uint>(bytes) | ((ulong)MemoryMarshal.Read<uint>(bytes[^4..]) << 32),
        > 0 => bytes[0] | ((ulong)bytes[bytes.Length >> 1] << 8) | ((ulong)bytes[^1] << 16),
        _ => 0,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
