using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q4_0
{
    /// <summary>
    /// Lanes are weight rows, in two registers. Unsigned nibbles times signed bytes: the words of all eight steps of a block add up to at
    /// most 30480, so they widen once per block.
    /// </summary>
    public readonly struct Avx512Panel : IPanel
    {
        public static int WideTile => 8;

        public static int NarrowTile => 4;

        public static int BlockBytes => Panel.ScaleBytes + 4 * Panel.QuadBytes;

        public static void Pack(byte** rows, byte* next, int blocks, byte* panel) => Panel.Pack(rows, next, blocks, 16, 0, panel);

        public static void MultiplyWide(byte* panel, byte* tile, int blocks, float* sums) => Multiply<TileOf8>(panel, tile, blocks, sums);

        public static void MultiplyNarrow(byte* panel, byte* tile, int blocks, float* sums) => Multiply<TileOf4>(panel, tile, blocks, sums);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Multiply<T>(byte* panel, byte* tile, int blocks, float* sums) where T : ITileWidth
        {
            const int StepBytes = 8;
            var nibbles = Vector512.Create((byte)15);
            for (int b = 0; b < blocks; b++)
            {
                var l0 = Vector512<short>.Zero;
                Vector512<short> h0 = l0, l1 = l0, h1 = l0, l2 = l0, h2 = l0, l3 = l0, h3 = l0;
                Vector512<short> l4 = l0, h4 = l0, l5 = l0, h5 = l0, l6 = l0, h6 = l0, l7 = l0, h7 = l0;
                byte* w = panel + Panel.ScaleBytes;
                byte* end = panel + BlockBytes;
                do
                {
                    var low = Vector512.Load(w);
                    var high = Vector512.Load(w + 64);
                    var lowFirst = low & nibbles;
                    var lowSecond = Vector512.ShiftRightLogical(low.AsUInt16(), 4).AsByte() & nibbles;
                    var highFirst = high & nibbles;
                    var highSecond = Vector512.ShiftRightLogical(high.AsUInt16(), 4).AsByte() & nibbles;
                    w += Panel.QuadBytes;

                    var first = Panel512.Broadcast(tile).AsSByte();
                    var second = Panel512.Broadcast(tile + 4).AsSByte();
                    l0 += Avx512BW.MultiplyAddAdjacent(lowFirst, first) + Avx512BW.MultiplyAddAdjacent(lowSecond, second);
                    h0 += Avx512BW.MultiplyAddAdjacent(highFirst, first) + Avx512BW.MultiplyAddAdjacent(highSecond, second);
                    first = Panel512.Broadcast(tile + StepBytes).AsSByte();
                    second = Panel512.Broadcast(tile + StepBytes + 4).AsSByte();
                    l1 += Avx512BW.MultiplyAddAdjacent(lowFirst, first) + Avx512BW.MultiplyAddAdjacent(lowSecond, second);
                    h1 += Avx512BW.MultiplyAddAdjacent(highFirst, first) + Avx512BW.MultiplyAddAdjacent(highSecond, second);
                    first = Panel512.Broadcast(tile + 2 * StepBytes).AsSByte();
                    second = Panel512.Broadcast(tile + 2 * StepBytes + 4).AsSByte();
                    l2 += Avx512BW.MultiplyAddAdjacent(lowFirst, first) + Avx512BW.MultiplyAddAdjacent(lowSecond, second);
                    h2 += Avx512BW.MultiplyAddAdjacent(highFirst, first) + Avx512BW.MultiplyAddAdjacent(highSecond, second);
                    first = Panel512.Broadcast(tile + 3 * StepBytes).AsSByte();
                    second = Panel512.Broadcast(tile + 3 * StepBytes + 4).AsSByte();
                    l3 += Avx512BW.MultiplyAddAdjacent(lowFirst, first) + Avx512BW.MultiplyAddAdjacent(lowSecond, second);
                    h3 += Avx512BW.MultiplyAddAdjacent(highFirst, first) + Avx512BW.MultiplyAddAdjacent(highSecond, second);
                    if (T.Rows > 4)
                    {
                        first = Panel512.Broadcast(tile + 4 * StepBytes).AsSByte();
                        second = Panel512.Broadcast(tile + 4 * StepBytes + 4).AsSByte();
                        l4 += Avx512BW.MultiplyAddAdjacent(lowFirst, first) + Avx512BW.MultiplyAddAdjacent(lowSecond, second);
                        h4 += Avx512BW.MultiplyAddAdjacent(highFirst, first) + Avx512BW.MultiplyAddAdjacent(highSecond, second);
                        first = Panel512.Broadcast(tile + 5 * StepBytes).AsSByte();
                        second = Panel512.Broadcast(tile + 5 * StepBytes + 4).AsSByte();
                        l5 += Avx512BW.MultiplyAddAdjacent(lowFirst, first) + Avx512BW.MultiplyAddAdjacent(lowSecond, second);
                        h5 += Avx512BW.MultiplyAddAdjacent(highFirst, first) + Avx512BW.MultiplyAddAdjacent(highSecond, second);
                        first = Panel512.Broadcast(tile + 6 * StepBytes).AsSByte();
                        second = Panel512.Broadcast(tile + 6 * StepBytes + 4).AsSByte();
                        l6 += Avx512BW.MultiplyAddAdjacent(lowFirst, first) + Avx512BW.MultiplyAddAdjacent(lowSecond, second);
                        h6 += Avx512BW.MultiplyAddAdjacent(highFirst, first) + Avx512BW.MultiplyAddAdjacent(highSecond, second);
                        first = Panel512.Broadcast(tile + 7 * StepBytes).AsSByte();
                        second = Panel512.Broadcast(tile + 7 * StepBytes + 4).AsSByte();
                        l7 += Avx512BW.MultiplyAddAdjacent(lowFirst, first) + Avx512BW.MultiplyAddAdjacent(lowSecond, second);
                        h7 += Avx512BW.MultiplyAddAdjacent(highFirst, first) + Avx512BW.MultiplyAddAdjacent(highSecond, second);
                    }
                    tile += T.Rows * StepBytes;
                }
                while (w < end);

                float* scales = (float*)tile;
                float* to = sums + b % BlockSums.Count * T.Rows * Panel.Rows;
                int* offsets = (int*)(scales + T.Rows);
                var lowScales = Panel512.LowScales(panel);
                var highScales = Panel512.HighScales(panel);
                Panel512.Accumulate(to, Widen(l0, offsets[0]), lowScales, scales);
                Panel512.Accumulate(to + 16, Widen(h0, offsets[0]), highScales, scales);
                Panel512.Accumulate(to + 32, Widen(l1, offsets[1]), lowScales, scales + 1);
                Panel512.Accumulate(to + 48, Widen(h1, offsets[1]), highScales, scales + 1);
                Panel512.Accumulate(to + 64, Widen(l2, offsets[2]), lowScales, scales + 2);
                Panel512.Accumulate(to + 80, Widen(h2, offsets[2]), highScales, scales + 2);
                Panel512.Accumulate(to + 96, Widen(l3, offsets[3]), lowScales, scales + 3);
                Panel512.Accumulate(to + 112, Widen(h3, offsets[3]), highScales, scales + 3);
                if (T.Rows > 4)
                {
                    Panel512.Accumulate(to + 128, Widen(l4, offsets[4]), lowScales, scales + 4);
                    Panel512.Accumulate(to + 144, Widen(h4, offsets[4]), highScales, scales + 4);
                    Panel512.Accumulate(to + 160, Widen(l5, offsets[5]), lowScales, scales + 5);
                    Panel512.Accumulate(to + 176, Widen(h5, offsets[5]), highScales, scales + 5);
                    Panel512.Accumulate(to + 192, Widen(l6, offsets[6]), lowScales, scales + 6);
                    Panel512.Accumulate(to + 208, Widen(h6, offsets[6]), highScales, scales + 6);
                    Panel512.Accumulate(to + 224, Widen(l7, offsets[7]), lowScales, scales + 7);
                    Panel512.Accumulate(to + 240, Widen(h7, offsets[7]), highScales, scales + 7);
                }
                tile += T.Rows * (sizeof(float) + sizeof(int));
                panel += BlockBytes;
            }
        }

        /// <summary>A block's exact dot, from its words and what the nibbles' zero point comes to.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<int> Widen(Vector512<short> words, int offset) =>
            Avx512BW.MultiplyAddAdjacent(words, Vector512<short>.One) - Vector512.Create(offset);
    }
}
