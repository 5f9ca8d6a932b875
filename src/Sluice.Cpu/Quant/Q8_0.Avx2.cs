using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q8_0
{
    /// <summary>
    /// Signs move to the activations (|w| · sign(a, w)), because the byte multiply-add takes one unsigned operand; |w| is at most 128 and
    /// |a| at most 127, so a pair of products, 32512, fits 16 bits.
    /// </summary>
    public readonly struct Avx2Row : IRowProduct
    {
        public static int BlockBytes => Q8_0.BlockBytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Place(sbyte* values, sbyte* row, int block) => PlainRow.Place(values, row, block);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Dots(byte* blocks, sbyte* values, int* sums)
        {
            var low = Avx2.HorizontalAdd(
                Avx2.HorizontalAdd(Products(blocks, values, 0), Products(blocks, values, 1)), Avx2.HorizontalAdd(Products(blocks, values, 2), Products(blocks, values, 3)));
            var high = Avx2.HorizontalAdd(
                Avx2.HorizontalAdd(Products(blocks, values, 4), Products(blocks, values, 5)), Avx2.HorizontalAdd(Products(blocks, values, 6), Products(blocks, values, 7)));
            return Avx2.Permute2x128(low, high, 0x20) + Avx2.Permute2x128(low, high, 0x31);
        }

        /// <summary>The products of block <paramref name="i"/>, in sums of four.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<int> Products(byte* blocks, sbyte* values, int i)
        {
            var w = Vector256.Load((sbyte*)blocks + i * BlockBytes + QuantsOffset);
            var a = Vector256.Load(values + i * QuantizedBlock.Elements);
            return Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Avx2.Abs(w), Avx2.Sign(a, w)), Vector256<short>.One);
        }
    }

    /// <summary>
    /// Lanes are weight rows, 16 at a time. Bytes are sign-extended to words (even and odd ones apart, as <see cref="WordPairs"/> expects),
    /// so that one multiply-add of words takes two columns exactly.
    /// </summary>
    public readonly struct Avx2Panel : IPanel
    {
        public static int WideTile => 4;

        public static int NarrowTile => 2;

        public static int BlockBytes => Panel.ScaleBytes + 8 * Panel.QuadBytes;

        public static void Pack(byte** rows, byte* next, int blocks, byte* panel) => Panel.Pack(rows, next, blocks, 32, 0, panel);

        public static void MultiplyWide(byte* panel, byte* tile, int blocks, float* sums)
        {
            Multiply<TileOf4>(panel, tile, blocks, 0, sums);
            Multiply<TileOf4>(panel, tile, blocks, 1, sums);
        }

        public static void MultiplyNarrow(byte* panel, byte* tile, int blocks, float* sums)
        {
            Multiply<TileOf2>(panel, tile, blocks, 0, sums);
            Multiply<TileOf2>(panel, tile, blocks, 1, sums);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Multiply<T>(byte* panel, byte* tile, int blocks, int half, float* sums) where T : ITileWidth
        {
            const int StepBytes = 8;
            sums += half * Panel256.HalfRows;
            for (int b = 0; b < blocks; b++)
            {
                var l0 = Vector256<int>.Zero;
                Vector256<int> h0 = l0, l1 = l0, h1 = l0, l2 = l0, h2 = l0, l3 = l0, h3 = l0;
                byte* w = panel + Panel.ScaleBytes + half * Panel256.HalfQuadBytes;
                byte* end = panel + BlockBytes;
                do
                {
                    var low = Vector256.Load((short*)w);
                    var high = Vector256.Load((short*)(w + 32));
                    var lowEven = Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(low, 8), 8);
                    var lowOdd = Vector256.ShiftRightArithmetic(low, 8);
                    var highEven = Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(high, 8), 8);
                    var highOdd = Vector256.ShiftRightArithmetic(high, 8);
                    w += Panel.QuadBytes;

                    var even = Panel256.Broadcast(tile).AsInt16();
                    var odd = Panel256.Broadcast(tile + 4).AsInt16();
                    l0 += Avx2.MultiplyAddAdjacent(lowEven, even) + Avx2.MultiplyAddAdjacent(lowOdd, odd);
                    h0 += Avx2.MultiplyAddAdjacent(highEven, even) + Avx2.MultiplyAddAdjacent(highOdd, odd);
                    even = Panel256.Broadcast(tile + StepBytes).AsInt16();
                    odd = Panel256.Broadcast(tile + StepBytes + 4).AsInt16();
                    l1 += Avx2.MultiplyAddAdjacent(lowEven, even) + Avx2.MultiplyAddAdjacent(lowOdd, odd);
                    h1 += Avx2.MultiplyAddAdjacent(highEven, even) + Avx2.MultiplyAddAdjacent(highOdd, odd);
                    if (T.Rows > 2)
                    {
                        even = Panel256.Broadcast(tile + 2 * StepBytes).AsInt16();
                        odd = Panel256.Broadcast(tile + 2 * StepBytes + 4).AsInt16();
                        l2 += Avx2.MultiplyAddAdjacent(lowEven, even) + Avx2.MultiplyAddAdjacent(lowOdd, odd);
                        h2 += Avx2.MultiplyAddAdjacent(highEven, even) + Avx2.MultiplyAddAdjacent(highOdd, odd);
                        even = Panel256.Broadcast(tile + 3 * StepBytes).AsInt16();
                        odd = Panel256.Broadcast(tile + 3 * StepBytes + 4).AsInt16();
                        l3 += Avx2.MultiplyAddAdjacent(lowEven, even) + Avx2.MultiplyAddAdjacent(lowOdd, odd);
                        h3 += Avx2.MultiplyAddAdjacent(highEven, even) + Avx2.MultiplyAddAdjacent(highOdd, odd);
                    }
                    tile += T.Rows * StepBytes;
                }
                while (w < end);

                float* scales = (float*)tile;
                float* to = sums + b % BlockSums.Count * T.Rows * Panel.Rows;
                var lowScales = Panel256.Scales(panel + half * Panel256.HalfRows * sizeof(ushort));
                var highScales = Panel256.Scales(panel + (half * Panel256.HalfRows + 8) * sizeof(ushort));
                Panel256.Accumulate(to, l0, lowScales, scales);
                Panel256.Accumulate(to + 8, h0, highScales, scales);
                Panel256.Accumulate(to + Panel.Rows, l1, lowScales, scales + 1);
                Panel256.Accumulate(to + Panel.Rows + 8, h1, highScales, scales + 1);
                if (T.Rows > 2)
                {
                    Panel256.Accumulate(to + 2 * Panel.Rows, l2, lowScales, scales + 2);
                    Panel256.Accumulate(to + 2 * Panel.Rows + 8, h2, highScales, scales + 2);
                    Panel256.Accumulate(to + 3 * Panel.Rows, l3, lowScales, scales + 3);
                    Panel256.Accumulate(to + 3 * Panel.Rows + 8, h3, highScales, scales + 3);
                }
                tile += T.Rows * (sizeof(float) + sizeof(int));
                panel += BlockBytes;
            }
        }
    }
}
