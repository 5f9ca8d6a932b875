using System.Runtime.InteropServices;

namespace Sluice.Core.Quant;

/// <summary>
/// 256 elements in 176 bytes: as <see cref="Q4_KFormat"/>, with 32 bytes of fifth bits before the nibbles: bit j of byte i belongs to element i of
/// sub-block j (source: ggml's block_q5_K).
/// </summary>
public static class Q5_KFormat
{
    public const int BlockElements = 256;
    public const int BlockBytes = 176;
    public const int SubBlockElements = 32;

    /// <summary>Where the scale of the minima is.</summary>
    public const int MinScaleOffset = 2;

    /// <summary>Where the six-bit scales begin.</summary>
    public const int ScalesOffset = 4;

    /// <summary>Where the fifth bits begin.</summary>
    public const int HighBitsOffset = 16;

    /// <summary>Where the nibbles begin.</summary>
    public const int QuantsOffset = 48;

    public static void DecodeRow(ReadOnlySpan<byte> row, Span<float> values)
    {
        for (; values.Length > 0; row = row[BlockBytes..], values = values[BlockElements..])
        {
            float scale = (float)MemoryMarshal.Read<Half>(row);
            float minScale = (float)MemoryMarshal.Read<Half>(row[MinScaleOffset..]);
            var packed = MemoryMarshal.Cast<byte, uint>(row[ScalesOffset..HighBitsOffset]);
            ulong scales = SixBitScales.Scales(packed[0], packed[2]);
            ulong minima = SixBitScales.Minima(packed[1], packed[2]);
            for (int i = 0; i < BlockElements; i++)
            {
                int sub = i / SubBlockElements;
                int pair = row[QuantsOffset + i / (2 * SubBlockElements) * SubBlockElements + i % SubBlockElements];
                int high = row[HighBitsOffset + i % SubBlockElements] >> sub & 1;
                int quant = (sub % 2 == 0 ? pair & 15 : pair >> 4) | high << 4;
                values[i] = scale * (byte)(scales >> 8 * sub) * quant - minScale * (byte)(minima >> 8 * sub);
            }
        }
    }
}
