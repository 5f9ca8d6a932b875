using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Core.Quant;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q4_0
{
    /// <summary>
    /// A register holds the packed bytes of blocks i and i + 4, and their activations lie likewise. Nibbles stay unsigned; words are added
    /// twice, to at most 30480, before they widen, and the zero point comes off the exact dots.
    /// </summary>
    public readonly struct Avx2Row : IRowProduct
    {
        private const int Half = Q4_0Format.BlockElements / 2;

        public static int BlockBytes => Q4_0.BlockBytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Place(sbyte* values, sbyte* row, int block)
        {
            row += block / 8 * (8 * QuantizedBlock.Elements) + block % 4 * (4 * Half) + block % 8 / 4 * Half;
            Vector128.Load(values).Store(row);
            Vector128.Load(values + Half).Store(row + 2 * Half);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Dots(byte* blocks, sbyte* values, int* sums)
        {
            var words = Fold64(
                Fold32(Products(blocks, values, 0), Products(blocks, values, 1)), Fold32(Products(blocks, values, 2), Products(blocks, values, 3)));
            return Avx2.MultiplyAddAdjacent(words, Vector256<short>.One) - Vector256.Load(sums);
        }

        /// <summary>The products of blocks i and i + 4, in words that are sums of four.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<short> Products(byte* blocks, sbyte* values, int i)
        {
            blocks += i * BlockBytes + QuantsOffset;
            values += i * 4 * Half;
            var packed = Vector256.Create(Vector128.Load(blocks), Vector128.Load(blocks + 4 * BlockBytes));
            var nibbles = Vector256.Create((byte)15);
            var low = Avx2.MultiplyAddAdjacent(packed & nibbles, Vector256.Load(values));
            return low + Avx2.MultiplyAddAdjacent(Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte() & nibbles, Vector256.Load(values + 2 * Half));
        }

        /// <summary>Adds half of each operand's 32-bit units to the other half, and leaves them a b a b.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<short> Fold32(Vector256<short> a, Vector256<short> b) =>
            Avx2.UnpackLow(a.AsInt32(), b.AsInt32()).AsInt16() + Avx2.UnpackHigh(a.AsInt32(), b.AsInt32()).AsInt16();

        /// <summary>The same of 64-bit units.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<short> Fold64(Vector256<short> a, Vector256<short> b) =>
            Avx2.UnpackLow(a.AsInt64(), b.AsInt64()).AsInt16() + Avx2.UnpackHigh(a.AsInt64(), b.AsInt64()).AsInt16();
    }

    /// <summary>
    /// Lanes are weight rows, 16 at a time. Unsigned nibbles times signed bytes: the words of all eight steps of a block add up to at most
    /// 30480, so they widen once per block.
    /// </summary>
    public readonly struct Avx2Panel : IPanel
    {
        public static int WideTile => 4;

        public static int NarrowTile => 2;

        public static int BlockBytes => Panel.ScaleBytes + 4 * Panel.QuadBytes;

        public static void Pack(byte** rows, byte* next, int blocks, byte* panel) => Panel.Pack(rows, next, blocks, 16, 0, panel);

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
                float* to = sums + b % BlockSums.Count * T.Rows * Panel.Rows;
                int* offsets = (int*)(scales + T.Rows);
                var lowScales = Panel256.Scales(panel + half * Panel256.HalfRows * sizeof(ushort));
                var highScales = Panel256.Scales(panel + (half * Panel256.HalfRows + 8) * sizeof(ushort));
                Panel256.Accumulate(to, Widen(l0, offsets[0]), lowScales, scales);
                Panel256.Accumulate(to + 8, Widen(h0, offsets[0]), highScales, scales);
                Panel256.Accumulate(to + Panel.Rows, Widen(l1, offsets[1]), lowScales, scales + 1);
                Panel256.Accumulate(to + Panel.Rows + 8, Widen(h1, offsets[1]), highScales, scales + 1);
                if (T.Rows > 2)
                {
                    Panel256.Accumulate(to + 2 * Panel.Rows, Widen(l2, offsets[2]), lowScales, scales + 2);
                    Panel256.Accumulate(to + 2 * Panel.Rows + 8, Widen(h2, offsets[2]), highScales, scales + 2);
                    Panel256.Accumulate(to + 3 * Panel.Rows, Widen(l3, offsets[3]), lowScales, scales + 3);
                    Panel256.Accumulate(to + 3 * Panel.Rows + 8, Widen(h3, offsets[3]), highScales, scales + 3);
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
