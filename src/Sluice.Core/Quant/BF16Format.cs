using System.Runtime.InteropServices;

namespace Sluice.Core.Quant;

/// <summary>The upper half of an IEEE single, little-endian.</summary>
public static class BF16Format
{
    public static void DecodeRow(ReadOnlySpan<byte> row, Span<float> values)
    {
        var stored = MemoryMarshal.Cast<byte, ushort>(row);
        for (int i = 0; i < values.Length; i++)
            values[i] = BitConverter.Int32BitsToSingle(stored[i] << 16);
    }
}
