using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Core.Quant;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q8_0
{
    /// <summary>
    /// Eight rows at once, a lane each after a tree of horizontal adds. Signs move to the activations (|w| · sign(a, w)), because the byte
    /// multiply-add takes one unsigned operand; |w| is at most 128 and |a| at most 127, so a pair of products, 32512, fits 16 bits.
    /// </summary>
    public sealed class Avx2Kernel : MatrixKernel
    {
        private const int GroupRows = 8;

        public override InputForm Input => QuantizedRowsForm<Lanes256, Vector256<float>>.Instance;

        public override int RowGroup => GroupRows;

        public override void Multiply(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
        {
            byte** rows = stackalloc byte*[GroupRows];
            float* sums = stackalloc float[GroupRows];
            int blocks = operand.Cols / Q8_0Format.BlockElements;
            for (int n = start; n < end; n += GroupRows)
            {
                int valid = Math.Min(GroupRows, end - n);
                for (int i = 0; i < GroupRows; i++)
                    rows[i] = weight.Row(n + Math.Min(i, valid - 1)); // the last row stands in for rows that are not there
                for (int r = 0; r < operand.Rows; r++)
                {
                    float* target = valid == GroupRows ? y + r * yStride + n : sums;
                    DotGroup(rows, QuantizedRows.Values(operand, r), QuantizedRows.Scales(operand, r), QuantizedRows.Sums(operand, r), blocks, target);
                    if (target == sums)
                        Unsafe.CopyBlockUnaligned(y + r * yStride + n, sums, (uint)valid * sizeof(float));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void DotGroup(byte** rows, sbyte* a, float* scales, int* sums, int blocks, float* y)
        {
            byte* p0 = rows[0], p1 = rows[1], p2 = rows[2], p3 = rows[3], p4 = rows[4], p5 = rows[5], p6 = rows[6], p7 = rows[7];
            var total = Vector256<float>.Zero;
            nint at = 0;
            for (int b = 0; b < blocks; b++, at += BlockBytes, a += QuantizedRows.BlockElements)
            {
                var v = Vector256.Load(a);
                var dots03 = Avx2.HorizontalAdd(
                    Avx2.HorizontalAdd(Products(p0 + at, v), Products(p1 + at, v)), Avx2.HorizontalAdd(Products(p2 + at, v), Products(p3 + at, v)));
                var dots47 = Avx2.HorizontalAdd(
                    Avx2.HorizontalAdd(Products(p4 + at, v), Products(p5 + at, v)), Avx2.HorizontalAdd(Products(p6 + at, v), Products(p7 + at, v)));
                var dots = Avx2.Permute2x128(dots03, dots47, 0x20) + Avx2.Permute2x128(dots03, dots47, 0x31);
                var halves = Vector128.Create(
                    *(ushort*)(p0 + at), *(ushort*)(p1 + at), *(ushort*)(p2 + at), *(ushort*)(p3 + at),
                    *(ushort*)(p4 + at), *(ushort*)(p5 + at), *(ushort*)(p6 + at), *(ushort*)(p7 + at));
                total = Fma.MultiplyAdd(Avx.ConvertToVector256Single(dots), Halves.ToSingle(halves) * Vector256.Create(scales[b]), total);
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
}
