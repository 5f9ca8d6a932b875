using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

internal readonly unsafe partial struct Q5_K : ISuperRow, ISuperPanel
{
    /// <summary>Four pairs of products, 4 · 2 · 31 · 127 = 31496.</summary>
    public static int WordQuads => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Quants(byte* block, int run) =>
        Quants(Vector256.Load(block + Q5_KFormat.QuantsOffset + run / 2 * SubBlock), Vector256.Load(block + Q5_KFormat.HighBitsOffset), run);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SuperHeaders Headers(byte* first, byte* second) => SixBits.Headers(first, second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* columns, byte* panel)
    {
        SixBits.UnpackHeader<Q5_K>(columns, panel);
        for (int quad = 0; quad < SubBlock / 4; quad++)
        {
            byte* stored = columns + (Q5_KFormat.QuantsOffset / 4 + quad) * Panel.QuadBytes;
            var high = Vector256.Load(columns + (Q5_KFormat.HighBitsOffset / 4 + quad) * Panel.QuadBytes);
            for (int run = 0; run < SuperBlock.Elements / SubBlock; run += 2, stored += SubBlock / 4 * Panel.QuadBytes)
            {
                var packed = Vector256.Load(stored);
                Quants(packed, high, 0).Store(SuperPanel.Quads<Q5_K>(panel, run) + quad * Panel.QuadBytes);
                Quants(packed, high, 1).Store(SuperPanel.Quads<Q5_K>(panel, run + 1) + quad * Panel.QuadBytes);
                high = Vector256.ShiftRightLogical(high.AsUInt16(), 2).AsByte();
            }
        }
    }

    /// <summary>The low nibbles for an even run, the high ones for an odd one, and above them bit <paramref name="run"/> of the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Quants(Vector256<byte> packed, Vector256<byte> high, int run)
    {
        var nibbles = run % 2 == 0 ? packed : Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte();
        var bits = (run < 4 ? Vector256.ShiftLeft(high.AsUInt16(), 4 - run) : Vector256.ShiftRightLogical(high.AsUInt16(), run - 4)).AsByte();
        return (nibbles & Vector256.Create((byte)15)) | (bits & Vector256.Create((byte)16));
    }
}
