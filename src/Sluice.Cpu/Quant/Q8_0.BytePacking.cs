using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sluice.Cpu.Emit;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q8_0
{
    /// <summary>Bytes as they are stored, with the sign bit flipped to make them unsigned.</summary>
    public readonly struct BytePacking : IBytePacking
    {
        public static int ZeroPoint => Flip;

        public static int BlockBytes => Q8_0.BlockBytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Pack(byte** rows, nint at, byte* panel)
        {
            BytePanel.PackScales(rows, at, panel);
            panel += BytePanel.ScaleBytes;
            var flip = Vector512.Create(Flip).AsInt32();
            for (int column = QuantsOffset; column < BlockBytes; column += 16, panel += 4 * Panel.QuadBytes)
            {
                for (int half = 0; half < 2; half++)
                {
                    BytePanel.Columns(rows + 16 * half, at + column, out var c0, out var c1, out var c2, out var c3);
                    byte* to = panel + half * (Panel.QuadBytes / 2);
                    (c0 ^ flip).Store((int*)to);
                    (c1 ^ flip).Store((int*)(to + Panel.QuadBytes));
                    (c2 ^ flip).Store((int*)(to + 2 * Panel.QuadBytes));
                    (c3 ^ flip).Store((int*)(to + 3 * Panel.QuadBytes));
                }
            }
        }
    }
}
