using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

/// <summary>The one instruction that AVX-VNNI adds: sum + four unsigned bytes times four signed ones, per 32 bits, without saturation. Tests put a slow twin in its place.</summary>
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

    /// <summary>Eight rows at once, a lane each after a tree of horizontal adds; two instructions for a block's products where AVX2 takes four.</summary>
    public readonly struct VnniRows<D> : IRowGroup where D : IQuadDot
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
                dots -= Vector256.Create(Flip / QuantizedRow.SumFactor * sums[b]);
                var halves = Vector128.Create(
                    *(short*)(p0 + at), *(short*)(p1 + at), *(short*)(p2 + at), *(short*)(p3 + at),
                    *(short*)(p4 + at), *(short*)(p5 + at), *(short*)(p6 + at), *(short*)(p7 + at));
                total = Fma.MultiplyAdd(Avx.ConvertToVector256Single(dots), Halves.ScalesToSingle(halves) * Vector256.Create(scales[b]), total);
            }
            total.Store(y);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<int> Products(byte* block, Vector256<sbyte> a) =>
            D.Add(Vector256<int>.Zero, Vector256.Load(block + QuantsOffset) ^ Vector256.Create(Flip), a);
    }

    /// <summary>Lanes are weight rows, 16 at a time: at most eight accumulators, for beyond register 15 the JIT copies them around each instruction.</summary>
    public readonly struct VnniPanel<D> : IPanel where D : IQuadDot
    {
        public static int WideTile => 4;

        public static int NarrowTile => 2;

        public static int BlockBytes => Panel.ScaleBytes + 8 * Panel.QuadBytes;

        public static void Pack(byte** rows, int blocks, byte* panel) => Panel.Pack(rows, blocks, 32, Flip, panel);

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
                int* offsets = (int*)(scales + T.Rows);
                var lowScales = Panel256.Scales(panel + half * Panel256.HalfRows * sizeof(ushort));
                var highScales = Panel256.Scales(panel + (half * Panel256.HalfRows + 8) * sizeof(ushort));
                Panel256.Accumulate(sums, l0 - Vector256.Create(offsets[0]), lowScales, scales);
                Panel256.Accumulate(sums + 8, h0 - Vector256.Create(offsets[0]), highScales, scales);
                Panel256.Accumulate(sums + Panel.Rows, l1 - Vector256.Create(offsets[1]), lowScales, scales + 1);
                Panel256.Accumulate(sums + Panel.Rows + 8, h1 - Vector256.Create(offsets[1]), highScales, scales + 1);
                if (T.Rows > 2)
                {
                    Panel256.Accumulate(sums + 2 * Panel.Rows, l2 - Vector256.Create(offsets[2]), lowScales, scales + 2);
                    Panel256.Accumulate(sums + 2 * Panel.Rows + 8, h2 - Vector256.Create(offsets[2]), highScales, scales + 2);
                    Panel256.Accumulate(sums + 3 * Panel.Rows, l3 - Vector256.Create(offsets[3]), lowScales, scales + 3);
                    Panel256.Accumulate(sums + 3 * Panel.Rows + 8, h3 - Vector256.Create(offsets[3]), highScales, scales + 3);
                }
                tile += T.Rows * (sizeof(float) + sizeof(int));
                panel += BlockBytes;
            }
        }
    }
}
