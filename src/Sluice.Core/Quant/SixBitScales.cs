using System.Runtime.CompilerServices;

namespace Sluice.Core.Quant;

/// <summary>
/// Eight scales and eight minima of six bits in the 12 bytes that Q4_K and Q5_K share (source: ggml's get_scale_min_k4): bytes 0-3 are the first four
/// scales and 4-7 the first four minima, each with two bits of a later one on top; bytes 8-11 hold the lower nibbles of the last four of both.
/// </summary>
public static class SixBitScales
{
    private const uint Six = 0x3F3F3F3F;
    private const uint Nibbles = 0x0F0F0F0F;
    private const uint UpperTwo = 0x30303030;

    /// <summary>The scales, a byte each.</summary>
    /// <param name="head">Bytes 0-3.</param>
    /// <param name="tail">Bytes 8-11.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Scales(uint head, uint tail) => (head & Six) | (ulong)((tail & Nibbles) | ((head >> 2) & UpperTwo)) << 32;

    /// <summary>The minima, a byte each.</summary>
    /// <param name="middle">Bytes 4-7.</param>
    /// <param name="tail">Bytes 8-11.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Minima(uint middle, uint tail) => Scales(middle, tail >> 4);
}
