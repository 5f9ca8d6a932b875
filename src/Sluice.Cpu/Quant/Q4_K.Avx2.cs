using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

internal readonly unsafe partial struct Q4_K : ISuperRow256, ISuperPanel
{
    /// <summary>Eight pairs of products, 8 · 2 · 15 · 127 = 30480.</summary>
    public static int WordQuads => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Quants256(byte* block, int run) => Nibbles(Vector256.Load(block + Q4_KFormat.QuantsOffset + run / 2 * SubBlock), run);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> ScalesByRun(byte* block) => SixBits.ByRun(block + Q4_KFormat.ScalesOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* columns, byte* panel)
    {
        SixBits.UnpackHeader<Q4_K>(columns, panel);
        byte* stored = columns + Q4_KFormat.QuantsOffset / 4 * Panel.QuadBytes;
        for (int run = 0; run < SuperBlock.Elements / SubBlock; run++)
        {
            byte* target = SuperPanel.Quads<Q4_K>(panel, run);
            for (int quad = 0; quad < SubBlock / 4; quad++)
                Nibbles(Vector256.Load(stored + (run / 2 * SubBlock / 4 + quad) * Panel.QuadBytes), run).Store(target + quad * Panel.QuadBytes);
        }
    }

    /// <summary>The low ones for an even run, the high ones for an odd one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Nibbles(Vector256<byte> packed, int run) =>
        (run % 2 == 0 ? packed : Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte()) & Vector256.Create((byte)15);
}
