using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q4_0
{
    /// <summary>
    /// Eight rows at once, a lane each after a tree of horizontal adds. A register holds the packed bytes of two rows; nibbles stay unsigned, and
    /// the zero point times the block's sum of activations comes off the integer dot.
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
            int* sums = x.Sums;
            var total = Vector256<float>.Zero;
            nint at = 0;
            for (int b = 0; b < blocks; b++, at += BlockBytes, a += QuantizedBlock.Elements)
            {
                // Eight rows are too many streams for the hardware to follow; the next group is fetched meanwhile.
                Sse.Prefetch0(next);
                Sse.Prefetch0(next + 64);
                Sse.Prefetch0(next + 128);
                next += 8 * BlockBytes;
                var low = Avx2.BroadcastVector128ToVector256(a);
                var high = Avx2.BroadcastVector128ToVector256(a + 16);
                // Rows are paired so that the last horizontal add leaves them in order.
                var dots = Avx2.HorizontalAdd(
                    Avx2.HorizontalAdd(Products(p0 + at, p4 + at, low, high), Products(p1 + at, p5 + at, low, high)),
                    Avx2.HorizontalAdd(Products(p2 + at, p6 + at, low, high), Products(p3 + at, p7 + at, low, high)));
                dots -= Vector256.Create(sums[b]);
                var halves = Vector128.Create(
                    *(short*)(p0 + at), *(short*)(p1 + at), *(short*)(p2 + at), *(short*)(p3 + at),
                    *(short*)(p4 + at), *(short*)(p5 + at), *(short*)(p6 + at), *(short*)(p7 + at));
                total = Fma.MultiplyAdd(Avx.ConvertToVector256Single(dots), Halves.ScalesToSingle(halves) * Vector256.Create(scales[b]), total);
            }
            total.Store(y);
        }

        /// <summary>The products of one block of two rows, in sums of eight; the second row in the upper half.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<int> Products(byte* block, byte* other, Vector256<sbyte> low, Vector256<sbyte> high)
        {
            var packed = Vector256.Create(Vector128.Load(block + QuantsOffset), Vector128.Load(other + QuantsOffset));
            var nibbles = Vector256.Create((byte)15);
            var lows = Avx2.MultiplyAddAdjacent(packed & nibbles, low);
            var highs = Avx2.MultiplyAddAdjacent(Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte() & nibbles, high);
            return Avx2.MultiplyAddAdjacent(lows + highs, Vector256<short>.One);
        }
    }

    /// <summary>
    /// Lanes are weight rows, 16 at a time. Unsigned nibbles times signed bytes: the words of all eight steps of a block add up to at most 30480, so
    /// they widen once per block.
    /// </summary>
    public readonly struct Avx2Panel : IPanel
    {
        public static int WideTile => 4;

        public static int NarrowTile => 2;

        public static int BlockBytes => Panel.ScaleBytes + 4 * Panel.QuadBytes;

        public static void Pack(byte** rows, int blocks, byte* panel) => Panel.Pack(rows, blocks, 16, 0, panel);

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
            var nibbles = Vector256.Create((byte)15);
            sums += half * Panel256.HalfRows;
            for (int b = 0; b < blocks; b++)
            {
                var l0 = Vector256<short>.Zero;
                Vector256<short> h0 = l0, l1 = l0, h1 = l0, l2 = l0, h2 = l0, l3 = l0, h3 = l0;
                byte* w = panel + Panel.ScaleBytes + half * Panel256.HalfQuadBytes;
                byte* end = panel + BlockBytes;
                do
                {
                    var low = Vector256.Load(w);
                    var high = Vector256.Load(w + 32);
                    var lowFirst = low & nibbles;
                    var lowSecond = Vector256.ShiftRightLogical(low.AsUInt16(), 4).AsByte() & nibbles;
                    var highFirst = high & nibbles;
                    var highSecond = Vector256.ShiftRightLogical(high.AsUInt16(), 4).AsByte() & nibbles;
                    w += Panel.QuadBytes;

                    var first = Panel256.Broadcast(tile).AsSByte();
                    var second = Panel256.Broadcast(tile + 4).AsSByte();
                    l0 += Avx2.MultiplyAddAdjacent(lowFirst, first) + Avx2.MultiplyAddAdjacent(lowSecond, second);
                    h0 += Avx2.MultiplyAddAdjacent(highFirst, first) + Avx2.MultiplyAddAdjacent(highSecond, second);
                    first = Panel256.Broadcast(tile + StepBytes).AsSByte();
                    second = Panel256.Broadcast(tile + StepBytes + 4).AsSByte();
                    l1 += Avx2.MultiplyAddAdjacent(lowFirst, first) + Avx2.MultiplyAddAdjacent(lowSecond, second);
                    h1 += Avx2.MultiplyAddAdjacent(highFirst, first) + Avx2.MultiplyAddAdjacent(highSecond, second);
                    if (T.Rows > 2)
                    {
                        first = Panel256.Broadcast(tile + 2 * StepBytes).AsSByte();
                        second = Panel256.Broadcast(tile + 2 * StepBytes + 4).AsSByte();
                        l2 += Avx2.MultiplyAddAdjacent(lowFirst, first) + Avx2.MultiplyAddAdjacent(lowSecond, second);
                        h2 += Avx2.MultiplyAddAdjacent(highFirst, first) + Avx2.MultiplyAddAdjacent(highSecond, second);
                        first = Panel256.Broadcast(tile + 3 * StepBytes).AsSByte();
                        second = Panel256.Broadcast(tile + 3 * StepBytes + 4).AsSByte();
                        l3 += Avx2.MultiplyAddAdjacent(lowFirst, first) + Avx2.MultiplyAddAdjacent(lowSecond, second);
                        h3 += Avx2.MultiplyAddAdjacent(highFirst, first) + Avx2.MultiplyAddAdjacent(highSecond, second);
                    }
                    tile += T.Rows * StepBytes;
                }
                while (w < end);

                float* scales = (float*)tile;
                int* offsets = (int*)(scales + T.Rows);
                var lowScales = Panel256.Scales(panel + half * Panel256.HalfRows * sizeof(ushort));
                var highScales = Panel256.Scales(panel + (half * Panel256.HalfRows + 8) * sizeof(ushort));
                Panel256.Accumulate(sums, Widen(l0, offsets[0]), lowScales, scales);
                Panel256.Accumulate(sums + 8, Widen(h0, offsets[0]), highScales, scales);
                Panel256.Accumulate(sums + Panel.Rows, Widen(l1, offsets[1]), lowScales, scales + 1);
                Panel256.Accumulate(sums + Panel.Rows + 8, Widen(h1, offsets[1]), highScales, scales + 1);
                if (T.Rows > 2)
                {
                    Panel256.Accumulate(sums + 2 * Panel.Rows, Widen(l2, offsets[2]), lowScales, scales + 2);
                    Panel256.Accumulate(sums + 2 * Panel.Rows + 8, Widen(h2, offsets[2]), highScales, scales + 2);
                    Panel256.Accumulate(sums + 3 * Panel.Rows, Widen(l3, offsets[3]), lowScales, scales + 3);
                    Panel256.Accumulate(sums + 3 * Panel.Rows + 8, Widen(h3, offsets[3]), highScales, scales + 3);
                }
                tile += T.Rows * (sizeof(float) + sizeof(int));
                panel += BlockBytes;
            }
        }

        /// <summary>A block's exact dot, from its words and what the nibbles' zero point comes to.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<int> Widen(Vector256<short> words, int offset) =>
            Avx2.MultiplyAddAdjacent(words, Vector256<short>.One) - Vector256.Create(offset);
    }
}
