using System.Runtime.InteropServices;

namespace Sluice.Core.Quant;

/// <summary>
/// 32 elements in 18 bytes: an F16 scale, then 16 bytes; byte j holds element j in its low nibble and element j + 16 in its high one;
/// element = scale · (nibble - 8) (source: ggml's block_q4_0).
/// </summary>
public static class Q4_0Format
{
    public const int BlockElements = 32;
    public const int BlockBytes = 18;

    /// <summary>Where the elements of a block begin.</summary>
    public const int QuantsOffset = 2;

    /// <summary>The nibble that stands for zero.</summary>
    public const int Zero = 8;

    public static void DecodeRow(ReadOnlySpan<byte> row, Span<float> values)
    {
        for (; values.Length > 0; row = row[BlockBytes..], values = values[BlockElements..])
        {
            float scale = (float)MemoryMarshal.Read<Half>(row);
            for (int i = 0; i < BlockElements / 2; i++)
            {
                byte pair = row[QuantsOffset + i];
                values[i] = scale * ((pair & 15) - Zero);
                values[i + BlockElements / 2] = scale * ((pair >> 4) - Zero);
            }
        }
    }
}
