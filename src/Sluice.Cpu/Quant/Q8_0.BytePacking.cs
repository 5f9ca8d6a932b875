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
            BytePanel.EightColumns(rows, at + QuantsOffset, flip, panel);
            BytePanel.EightColumns(rows + 16, at + QuantsOffset, flip, panel + Panel.QuadBytes / 2);
        }
    }
}
