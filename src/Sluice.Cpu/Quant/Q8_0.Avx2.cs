using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q8_0
{
    /// <summary>
    /// Eight rows at once, a lane each after a tree of horizontal adds. Signs move to the activations (|w| · sign(a, w)), because the byte
    /// multiply-add takes one unsigned operand; |w| is at most 128 and |a| at most 127, so a pair of products, 32512, fits 16 bits.
    /// </summary>
    public readonly struct Avx2Rows : IRowGroup
    {
        public static int Rows => 8;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Multiply(byte** rows, byte* next, in QuantizedRow x, int blocks, float* y)
        {
            byte* p0 = rows[0], p1 = rows[1], p2 = rows[2], p3 = rows[3], p4 = rows[4], p5 = rows[5], p6 = rows[6], p7 = rows[7];
            sbyte* a = x.Values;
            float* scales = x.Scales;
            var total = Vector256<float>.Zero;
            nint at = 0;
            for (int b = 0; b < blocks; b++, at += BlockBytes, a += QuantizedBlock.Elements)
            {
                // Eight rows are too many streams for the hardware to follow; the next group is fetched to the second level meanwhile.
                Sse.Prefetch1(next);
                Sse.Prefetch1(next + 64);
                Sse.Prefetch1(next + 128);
                Sse.Prefetch1(next + 192);
                next += 8 * BlockBytes;
                var v = Vector256.Load(a);
                var dots03 = Avx2.HorizontalAdd(
                    Avx2.HorizontalAdd(Products(p0 + at, v), Products(p1 + at, v)), Avx2.HorizontalAdd(Products(p2 + at, v), Products(p3 + at, v)));
                var dots47 = Avx2.HorizontalAdd(
                    Avx2.HorizontalAdd(Products(p4 + at, v), Products(p5 + at, v)), Avx2.HorizontalAdd(Products(p6 + at, v), Products(p7 + at, v)));
                var dots = Avx2.Permute2x128(dots03, dots47, 0x20) + Avx2.Permute2x128(dots03, dots47, 0x31);
                var halves = Vector128.Create(
                    *(short*)(p0 + at), *(short*)(p1 + at), *(short*)(p2 + at), *(short*)(p3 + at),
                    *(short*)(p4 + at), *(short*)(p5 + at), *(short*)(p6 + at), *(short*)(p7 + at));
                total = Fma.MultiplyAdd(Avx.ConvertToVector256Single(dots), Halves.ScalesToSingle(halves) * Vector256.Create(scales[b]), total);
            }
            total.Store(y);
        }

        /// <summary>The products of one block, in sums of four.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<int> Products(byte* block, Vector256<sbyte> a)
        {
            var w = Vector256.Load((sbyte*)block + QuantsOffset);
            return Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Avx2.Abs(w), Avx2.Sign(a, w)), Vector256<short>.One);
        }
    }

    /// <summary>
    /// Lanes are weight rows, 16 at a time. Bytes are sign-extended to words (even and odd ones apart, as <see cref="WordPairs"/> expects), so that
    /// one multiply-add of words takes two columns exactly.
    /// </summary>
    public readonly struct Avx2Panel : IPanel
    {
        public static int WideTile => 4;

        public static int NarrowTile => 2;

        public static int BlockBytes => Panel.ScaleBytes + 8 * Panel.QuadBytes;

        public static void Pack(byte** rows, int blocks, byte* panel) => Panel.Pack(rows, blocks, 32, 0, panel);

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
                var lowScales = Panel256.Scales(panel + half * Panel256.HalfRows * sizeof(ushort));
                var highScales = Panel256.Scales(panel + (half * Panel256.HalfRows + 8) * sizeof(ushort));
                Panel256.Accumulate(sums, l0, lowScales, scales);
                Panel256.Accumulate(sums + 8, h0, highScales, scales);
                Panel256.Accumulate(sums + Panel.Rows, l1, lowScales, scales + 1);
                Panel256.Accumulate(sums + Panel.Rows + 8, h1, highScales, scales + 1);
                if (T.Rows > 2)
                {
                    Panel256.Accumulate(sums + 2 * Panel.Rows, l2, lowScales, scales + 2);
                    Panel256.Accumulate(sums + 2 * Panel.Rows + 8, h2, highScales, scales + 2);
                    Panel256.Accumulate(sums + 3 * Panel.Rows, l3, lowScales, scales + 3);
                    Panel256.Accumulate(sums + 3 * Panel.Rows + 8, h3, highScales, scales + 3);
                }
                tile += T.Rows * (sizeof(float) + sizeof(int));
                panel += BlockBytes;
            }
        }
    }
}
