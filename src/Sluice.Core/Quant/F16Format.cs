using System.Runtime.InteropServices;

namespace Sluice.Core.Quant;

/// <summary>IEEE half precision, little-endian.</summary>
public static class F16Format
{
    public static void DecodeRow(ReadOnlySpan<byte> row, Span<float> values)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(row);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)halves[i];
    }
}
