using System.Runtime.InteropServices;

namespace Sluice.Core.Quant;

/// <summary>
/// 256 elements in 210 bytes: nibbles, then upper pairs of bits, a signed byte of scale for each 16 elements, and an F16 scale. Each half of the
/// elements has 64 bytes of nibbles (the low ones its first 64 elements, the high ones the rest) and 32 bytes of pairs (bits 0-1 its first 32 elements,
/// and so on); element = scale · s · (six bits - 32) (source: ggml's block_q6_K).
/// </summary>
public static class Q6_KFormat
{
    public const int BlockElements = 256;
    public const int BlockBytes = 210;
    public const int SubBlockElements = 16;

    /// <summary>Where the upper pairs of bits begin.</summary>
    public const int HighBitsOffset = 128;

    /// <summary>Where the sub-blocks' scales begin.</summary>
    public const int ScalesOffset = 192;

    /// <summary>Where the block's scale is.</summary>
    public const int ScaleOffset = 208;

    /// <summary>The six bits that stand for zero.</summary>
    public const int Zero = 32;

    public static void DecodeRow(ReadOnlySpan<byte> row, Span<float> values)
    {
        for (; values.Length > 0; row = row[BlockBytes..], values = values[BlockElements..])
        {
            float scale = (float)MemoryMarshal.Read<Half>(row[ScaleOffset..]);
            for (int i = 0; i < BlockElements; i++)
            {
                int half = i / 128, run = i % 128 / 32;
                int pair = row[64 * half + i % 64];
                int nibble = run < 2 ? pair & 15 : pair >> 4;
                int high = row[HighBitsOffset + 32 * half + i % 32] >> 2 * run & 3;
                values[i] = scale * (sbyte)row[ScalesOffset + i / SubBlockElements] * ((nibble | high << 4) - Zero);
            }
        }
    }
}
