using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q8_0
{
    /// <summary>
    /// Lanes are weight rows, in two registers. Bytes are sign-extended to words (even and odd ones apart, as <see cref="WordPairs"/>
    /// expects), so that one multiply-add of words takes two columns exactly: .NET has no 512-bit VNNI, and byte multiply-adds would
    /// saturate.
    /// </summary>
    public readonly struct Avx512Panel : IPanel
    {
        public static int WideTile => 8;

        public static int NarrowTile => 4;

        public static int BlockBytes => Panel.ScaleBytes + 8 * Panel.QuadBytes;

        public static void Pack(byte** rows, byte* next, int blocks, byte* panel) => Panel.Pack(rows, next, blocks, 32, 0, panel);

        public static void MultiplyWide(byte* panel, byte* tile, int blocks, float* sums) => Multiply<TileOf8>(panel, tile, blocks, sums);

        public static void MultiplyNarrow(byte* panel, byte* tile, int blocks, float* sums) => Multiply<TileOf4>(panel, tile, blocks, sums);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Multiply<T>(byte* panel, byte* tile, int blocks, float* sums) where T : ITileWidth
        {
            const int StepBytes = 8;
            for (int b = 0; b < blocks; b++)
            {
                var l0 = Vector512<int>.Zero;
                Vector512<int> h0 = l0, l1 = l0, h1 = l0, l2 = l0, h2 = l0, l3 = l0, h3 = l0;
                Vector512<int> l4 = l0, h4 = l0, l5 = l0, h5 = l0, l6 = l0, h6 = l0, l7 = l0, h7 = l0;
                byte* w = panel + Panel.ScaleBytes;
                byte* end = panel + BlockBytes;
                do
                {
                    var low = Vector512.Load((short*)w);
                    var high = Vector512.Load((short*)(w + 64));
                    var lowEven = Vector512.ShiftRightArithmetic(Vector512.ShiftLeft(low, 8), 8);
                    var lowOdd = Vector512.ShiftRightArithmetic(low, 8);
                    var highEven = Vector512.ShiftRightArithmetic(Vector512.ShiftLeft(high, 8), 8);
                    var highOdd = Vector512.ShiftRightArithmetic(high, 8);
                    w += Panel.QuadBytes;

                    var even = Panel512.Broadcast(tile).AsInt16();
                    var odd = Panel512.Broadcast(tile + 4).AsInt16();
                    l0 += Avx512BW.MultiplyAddAdjacent(lowEven, even) + Avx512BW.MultiplyAddAdjacent(lowOdd, odd);
                    h0 += Avx512BW.MultiplyAddAdjacent(highEven, even) + Avx512BW.MultiplyAddAdjacent(highOdd, odd);
                    even = Panel512.Broadcast(tile + StepBytes).AsInt16();
                    odd = Panel512.Broadcast(tile + StepBytes + 4).AsInt16();
                    l1 += Avx512BW.MultiplyAddAdjacent(lowEven, even) + Avx512BW.MultiplyAddAdjacent(lowOdd, odd);
                    h1 += Avx512BW.MultiplyAddAdjacent(highEven, even) + Avx512BW.MultiplyAddAdjacent(highOdd, odd);
                    even = Panel512.Broadcast(tile + 2 * StepBytes).AsInt16();
                    odd = Panel512.Broadcast(tile + 2 * StepBytes + 4).AsInt16();
                    l2 += Avx512BW.MultiplyAddAdjacent(lowEven, even) + Avx512BW.MultiplyAddAdjacent(lowOdd, odd);
                    h2 += Avx512BW.MultiplyAddAdjacent(highEven, even) + Avx512BW.MultiplyAddAdjacent(highOdd, odd);
                    even = Panel512.Broadcast(tile + 3 * StepBytes).AsInt16();
                    odd = Panel512.Broadcast(tile + 3 * StepBytes + 4).AsInt16();
                    l3 += Avx512BW.MultiplyAddAdjacent(lowEven, even) + Avx512BW.MultiplyAddAdjacent(lowOdd, odd);
                    h3 += Avx512BW.MultiplyAddAdjacent(highEven, even) + Avx512BW.MultiplyAddAdjacent(highOdd, odd);
                    if (T.Rows > 4)
                    {
                        even = Panel512.Broadcast(tile + 4 * StepBytes).AsInt16();
                        odd = Panel512.Broadcast(tile + 4 * StepBytes + 4).AsInt16();
                        l4 += Avx512BW.MultiplyAddAdjacent(lowEven, even) + Avx512BW.MultiplyAddAdjacent(lowOdd, odd);
                        h4 += Avx512BW.MultiplyAddAdjacent(highEven, even) + Avx512BW.MultiplyAddAdjacent(highOdd, odd);
                        even = Panel512.Broadcast(tile + 5 * StepBytes).AsInt16();
                        odd = Panel512.Broadcast(tile + 5 * StepBytes + 4).AsInt16();
                        l5 += Avx512BW.MultiplyAddAdjacent(lowEven, even) + Avx512BW.MultiplyAddAdjacent(lowOdd, odd);
                        h5 += Avx512BW.MultiplyAddAdjacent(highEven, even) + Avx512BW.MultiplyAddAdjacent(highOdd, odd);
                        even = Panel512.Broadcast(tile + 6 * StepBytes).AsInt16();
                        odd = Panel512.Broadcast(tile + 6 * StepBytes + 4).AsInt16();
                        l6 += Avx512BW.MultiplyAddAdjacent(lowEven, even) + Avx512BW.MultiplyAddAdjacent(lowOdd, odd);
                        h6 += Avx512BW.MultiplyAddAdjacent(highEven, even) + Avx512BW.MultiplyAddAdjacent(highOdd, odd);
                        even = Panel512.Broadcast(tile + 7 * StepBytes).AsInt16();
                        odd = Panel512.Broadcast(tile + 7 * StepBytes + 4).AsInt16();
                        l7 += Avx512BW.MultiplyAddAdjacent(lowEven, even) + Avx512BW.MultiplyAddAdjacent(lowOdd, odd);
                        h7 += Avx512BW.MultiplyAddAdjacent(highEven, even) + Avx512BW.MultiplyAddAdjacent(highOdd, odd);
                    }
                    tile += T.Rows * StepBytes;
                }
                while (w < end);

                float* scales = (float*)tile;
                float* to = sums + b % BlockSums.Count * T.Rows * Panel.Rows;
                var lowScales = Panel512.LowScales(panel);
                var highScales = Panel512.HighScales(panel);
                Panel512.Accumulate(to, l0, lowScales, scales);
                Panel512.Accumulate(to + 16, h0, highScales, scales);
                Panel512.Accumulate(to + 32, l1, lowScales, scales + 1);
                Panel512.Accumulate(to + 48, h1, highScales, scales + 1);
                Panel512.Accumulate(to + 64, l2, lowScales, scales + 2);
                Panel512.Accumulate(to + 80, h2, highScales, scales + 2);
                Panel512.Accumulate(to + 96, l3, lowScales, scales + 3);
                Panel512.Accumulate(to + 112, h3, highScales, scales + 3);
                if (T.Rows > 4)
                {
                    Panel512.Accumulate(to + 128, l4, lowScales, scales + 4);
                    Panel512.Accumulate(to + 144, h4, highScales, scales + 4);
                    Panel512.Accumulate(to + 160, l5, lowScales, scales + 5);
                    Panel512.Accumulate(to + 176, h5, highScales, scales + 5);
                    Panel512.Accumulate(to + 192, l6, lowScales, scales + 6);
                    Panel512.Accumulate(to + 208, h6, highScales, scales + 6);
                    Panel512.Accumulate(to + 224, l7, lowScales, scales + 7);
                    Panel512.Accumulate(to + 240, h7, highScales, scales + 7);
                }
                tile += T.Rows * (sizeof(float) + sizeof(int));
                panel += BlockBytes;
            }
        }
    }
}
