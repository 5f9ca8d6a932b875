using System.Runtime.InteropServices;

namespace Sluice.Core.Quant;

/// <summary>IEEE single precision, little-endian.</summary>
public static class F32Format
{
    public static void DecodeRow(ReadOnlySpan<byte> row, Span<float> values) =>
        MemoryMarshal.Cast<byte, float>(row)[..values.Length].CopyTo(values);
}
