using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

internal readonly unsafe partial struct Q4_K : ISuperRow, ISuperPanel
{
    /// <summary>Eight pairs of products, 8 · 2 · 15 · 127 = 30480.</summary>
    public static int WordQuads => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Quants(byte* block, int run) => Nibbles(Vector256.Load(block + Q4_KFormat.QuantsOffset + run / 2 * SubBlock), run);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SuperHeaders Headers(byte* first, byte* second) => SixBits.Headers(first, second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* columns, byte* panel)
    {
        SixBits.UnpackHeader<Q4_K>(columns, panel);
        byte* stored = columns + Q4_KFormat.QuantsOffset / 4 * Panel.QuadBytes;
        for (int run = 0; run < SuperBlock.Elements / SubBlock; run += 2)
        {
            byte* even = SuperPanel.Quads<Q4_K>(panel, run);
            byte* odd = SuperPanel.Quads<Q4_K>(panel, run + 1);
            for (int quad = 0; quad < SubBlock / 4 * Panel.QuadBytes; quad += Panel.QuadBytes, stored += Panel.QuadBytes)
            {
                var packed = Vector256.Load(stored);
                Nibbles(packed, 0).Store(even + quad);
                Nibbles(packed, 1).Store(odd + quad);
            }
        }
    }

    /// <summary>The low ones for an even run, the high ones for an odd one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Nibbles(Vector256<byte> packed, int run) =>
        (run % 2 == 0 ? packed : Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte()) & Vector256.Create((byte)15);
}
