using System.Runtime.CompilerServices;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Emit;

/// <summary>
/// Four activations in a byte each, for weights in unsigned bytes; what their zero point comes to is stored negative, as the dots begin
/// with it.
/// </summary>
internal readonly unsafe struct OffsetQuads<F> : ITileEncoding where F : IBytePacking
{
    public static int StepBytes => ByteQuads.StepBytes;

    public static int Steps => ByteQuads.Steps;

    public static int ZeroPoint => -F.ZeroPoint;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(sbyte* values, byte* target, int stride) => ByteQuads.Write(values, target, stride);
}
