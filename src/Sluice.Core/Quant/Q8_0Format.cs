using System.Runtime.InteropServices;

namespace Sluice.Core.Quant;

/// <summary>32 elements in 34 bytes: an F16 scale, then 32 signed bytes; element = scale · byte (source: ggml's block_q8_0).</summary>
public static class Q8_0Format
{
    public const int BlockElements = 32;
    public const int BlockBytes = 34;

    /// <summary>Where the elements of a block begin.</summary>
    public const int QuantsOffset = 2;

    public static void DecodeRow(ReadOnlySpan<byte> row, Span<float> values)
    {
        for (; values.Length > 0; row = row[BlockBytes..], values = values[BlockElements..])
        {
            float scale = (float)MemoryMarshal.Read<Half>(row);
            for (int i = 0; i < BlockElements; i++)
                values[i] = scale * (sbyte)row[QuantsOffset + i];
        }
    }
}
