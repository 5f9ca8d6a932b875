using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

/// <summary>
/// The one instruction that AVX-VNNI adds: sum + four unsigned bytes times four signed ones, per 32 bits, without saturation. Tests put a
/// slow twin in its place.
/// </summary>
internal interface IQuadDot
{
    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<byte> w, Vector256<sbyte> a);
}

internal readonly struct AvxVnniDot : IQuadDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> w, Vector256<sbyte> a) => AvxVnni.MultiplyWideningAndAdd(sum, w, a);
}

internal static unsafe partial class Q8_0
{
    /// <summary>What makes a signed byte unsigned: 128 more, which the sum of the activations pays back.</summary>
    private const byte Flip = 0x80;

    /// <summary>Two instructions for a block's products where AVX2 takes four.</summary>
    public readonly struct VnniRow<D> : IRowProduct where D : IQuadDot
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
            const int SumShift = 4; // Flip / QuantizedRow.SumFactor is 16
            return Avx2.Permute2x128(low, high, 0x20) + Avx2.Permute2x128(low, high, 0x31) - Vector256.ShiftLeft(Vector256.Load(sums), SumShift);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<int> Products(byte* blocks, sbyte* values, int i)
        {
            var w = Vector256.Load(blocks + i * BlockBytes + QuantsOffset) ^ Vector256.Create(Flip);
            return D.Add(Vector256<int>.Zero, w, Vector256.Load(values + i * QuantizedBlock.Elements));
        }
    }

    /// <summary>
    /// Lanes are weight rows, 16 at a time: at most eight accumulators, for beyond register 15 the JIT copies them around each instruction.
    /// </summary>
    public readonly struct VnniPanel<D> : IPanel where D : IQuadDot
    {
        public static int WideTile => 4;

        public static int NarrowTile => 2;

        public static int BlockBytes => Panel.ScaleBytes + 8 * Panel.QuadBytes;

        public static void Pack(byte** rows, byte* next, int blocks, byte* panel) => Panel.Pack(rows, next, blocks, 32, Flip, panel);

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
            const int StepBytes = 4;
            sums += half * Panel256.HalfRows;
            for (int b = 0; b < blocks; b++)
            {
                var l0 = Vector256<int>.Zero;
                Vector256<int> h0 = l0, l1 = l0, h1 = l0, l2 = l0, h2 = l0, l3 = l0, h3 = l0;
                byte* w = panel + Panel.ScaleBytes + half * Panel256.HalfQuadBytes;
                byte* end = panel + BlockBytes;
                do
                {
                    var low = Vector256.Load(w);
                    var high = Vector256.Load(w + 32);
                    w += Panel.QuadBytes;

                    var a = Panel256.Broadcast(tile).AsSByte();
                    l0 = D.Add(l0, low, a);
                    h0 = D.Add(h0, high, a);
                    a = Panel256.Broadcast(tile + StepBytes).AsSByte();
                    l1 = D.Add(l1, low, a);
                    h1 = D.Add(h1, high, a);
                    if (T.Rows > 2)
                    {
                        a = Panel256.Broadcast(tile + 2 * StepBytes).AsSByte();
                        l2 = D.Add(l2, low, a);
                        h2 = D.Add(h2, high, a);
                        a = Panel256.Broadcast(tile + 3 * StepBytes).AsSByte();
                        l3 = D.Add(l3, low, a);
                        h3 = D.Add(h3, high, a);
                    }
                    tile += T.Rows * StepBytes;
                }
                while (w < end);

                float* scales = (float*)tile;
                float* to = sums + b % BlockSums.Count * T.Rows * Panel.Rows;
                int* offsets = (int*)(scales + T.Rows);
                var lowScales = Panel256.Scales(panel + half * Panel256.HalfRows * sizeof(ushort));
                var highScales = Panel256.Scales(panel + (half * Panel256.HalfRows + 8) * sizeof(ushort));
                Panel256.Accumulate(to, l0 - Vector256.Create(offsets[0]), lowScales, scales);
                Panel256.Accumulate(to + 8, h0 - Vector256.Create(offsets[0]), highScales, scales);
                Panel256.Accumulate(to + Panel.Rows, l1 - Vector256.Create(offsets[1]), lowScales, scales + 1);
                Panel256.Accumulate(to + Panel.Rows + 8, h1 - Vector256.Create(offsets[1]), highScales, scales + 1);
                if (T.Rows > 2)
                {
                    Panel256.Accumulate(to + 2 * Panel.Rows, l2 - Vector256.Create(offsets[2]), lowScales, scales + 2);
                    Panel256.Accumulate(to + 2 * Panel.Rows + 8, h2 - Vector256.Create(offsets[2]), highScales, scales + 2);
                    Panel256.Accumulate(to + 3 * Panel.Rows, l3 - Vector256.Create(offsets[3]), lowScales, scales + 3);
                    Panel256.Accumulate(to + 3 * Panel.Rows + 8, h3 - Vector256.Create(offsets[3]), highScales, scales + 3);
                }
                tile += T.Rows * (sizeof(float) + sizeof(int));
                panel += BlockBytes;
            }
        }
    }
}
