using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sluice.Models.Grammars.Masks;

/// <summary>Puts a mask over logits, 16 at a time: without AVX-512 the runtime splits each vector into narrower ones.</summary>
internal static class LogitMask
{
    private const int Lanes = 16;

    private static readonly Vector512<int> LaneBits = Vector512.Create(
        1, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15);

    /// <summary>Sets every logit whose bit is not set to minus infinity; there are bits for all of them.</summary>
    public static void Apply(ReadOnlySpan<ulong> bits, Span<float> logits)
    {
        var words = MemoryMarshal.Cast<ulong, ushort>(bits);
        var lowest = Vector512.Create(float.NegativeInfinity);
        int vectors = logits.Length / Lanes;
        for (int v = 0; v < vectors; v++)
        {
            var place = logits.Slice(v * Lanes, Lanes);
            ushort word = words[v];
            if (word == ushort.MaxValue)
                continue;
            if (word == 0)
            {
                lowest.CopyTo(place);
                continue;
            }
            var allowed = Vector512.Equals(Vector512.Create((int)word) & LaneBits, LaneBits).AsSingle();
            Vector512.ConditionalSelect(allowed, Vector512.Create<float>(place), lowest).CopyTo(place);
        }
        for (int i = vectors * Lanes; i < logits.Length; i++)
        {
            if (((bits[i >> 6] >> (i & 63)) & 1) == 0)
                logits[i] = float.NegativeInfinity;
        }
    }
}
