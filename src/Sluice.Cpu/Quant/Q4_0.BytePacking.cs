using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sluice.Core.Quant;
using Sluice.Cpu.Emit;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q4_0
{
    /// <summary>Nibbles in bytes of their own: the low ones are the block's first half, the high ones its second.</summary>
    public readonly struct BytePacking : IBytePacking
    {
        public static int ZeroPoint => Q4_0Format.Zero;

        public static int BlockBytes => Q4_0.BlockBytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Pack(byte** rows, nint at, byte* panel)
        {
            BytePanel.PackScales(rows, at, panel);
            panel += BytePanel.ScaleBytes;
            for (int half = 0; half < 2; half++, panel += Panel.QuadBytes / 2)
            {
                BytePanel.Columns(rows + 16 * half, at + QuantsOffset, out var c0, out var c1, out var c2, out var c3);
                Split(c0, panel);
                Split(c1, panel + Panel.QuadBytes);
                Split(c2, panel + 2 * Panel.QuadBytes);
                Split(c3, panel + 3 * Panel.QuadBytes);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Split(Vector512<int> packed, byte* to)
        {
            var nibbles = Vector512.Create((byte)15).AsInt32();
            (packed & nibbles).Store((int*)to);
            (Vector512.ShiftRightLogical(packed, 4) & nibbles).Store((int*)(to + 4 * Panel.QuadBytes));
        }
    }
}
