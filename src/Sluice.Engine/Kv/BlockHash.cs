using System.Runtime.InteropServices;

namespace Sluice.Engine.Kv;

/// <summary>
/// Hashes of KV blocks, each chained to the one before, so that equal hashes mean equal prefixes. Not cryptographic: whoever shares a block
/// compares its tokens as well (<see cref="BlockPool"/>).
/// </summary>
internal static class BlockHash
{
    /// <summary>Start of a chain. Chains of different salts do not meet.</summary>
    public static ulong Seed(string? salt) => Next(0x9E3779B97F4A7C15, salt is null ? [] : salt.AsSpan());

    public static ulong Next<T>(ulong previous, ReadOnlySpan<T> content) where T : unmanaged
    {
        ulong hash = Mix(previous ^ (ulong)content.Length);
        var bytes = MemoryMarshal.AsBytes(content);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
            hash = Mix(hash ^ word);
        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
            hash = Mix(hash ^ rest);
        return hash;
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood 2014), with the state's constant added.</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
