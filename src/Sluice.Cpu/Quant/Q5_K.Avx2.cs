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
        byte* stored = columns + Q5_KFormat.QuantsOffset / 4 * Panel.QuadBytes;
        byte* bits = columns + Q5_KFormat.HighBitsOffset / 4 * Panel.QuadBytes;
        byte* target = SuperPanel.Quads<Q5_K>(panel, 0);
        int runBytes = SuperPanel.SubBlockBytes<Q5_K>();
        for (int quad = 0; quad < SubBlock / 4; quad++, stored += Panel.QuadBytes, bits += Panel.QuadBytes, target += Panel.QuadBytes)
        {
            var high = Vector256.Load(bits);
            for (int pair = 0; pair < SuperBlock.Elements / SubBlock / 2; pair++)
            {
                var packed = Vector256.Load(stored + pair * (SubBlock / 4 * Panel.QuadBytes));
                Quants(packed, high, 0).Store(target + 2 * pair * runBytes);
                Quants(packed, high, 1).Store(target + (2 * pair + 1) * runBytes);
                high = Vector256.ShiftRightLogical(high.AsUInt16(), 2).AsByte();
            }
        }
    }

    /// <summary>
    /// The low nibbles for an even run, the high ones for an odd one, and above them bit <paramref name="run"/> of the others.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Quants(Vector256<byte> packed, Vector256<byte> high, int run)
    {
        var nibbles = run % 2 == 0 ? packed : Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte();
        var bits = (run < 4 ? Vector256.ShiftLeft(high.AsUInt16(), 4 - run) : Vector256.ShiftRightLogical(high.AsUInt16(), run - 4)).AsByte();
        return (nibbles & Vector256.Create((byte)15)) | (bits & Vector256.Create((byte)16));
    }
}
