using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Core.Quant;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q4_0
{
    /// <summary>
    /// Eight rows at once, a lane each after a tree of horizontal adds. A register holds the 16 packed bytes of two rows; nibbles stay
    /// unsigned, and 8 times the block's sum of activations comes off the integer dot.
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
            int blocks = operand.Cols / Q4_0Format.BlockElements;
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
                var low = Avx2.BroadcastVector128ToVector256(a);
                var high = Avx2.BroadcastVector128ToVector256(a + 16);
                // Rows are paired so that the last horizontal add leaves them in order.
                var dots = Avx2.HorizontalAdd(
                    Avx2.HorizontalAdd(Products(p0 + at, p4 + at, low, high), Products(p1 + at, p5 + at, low, high)),
                    Avx2.HorizontalAdd(Products(p2 + at, p6 + at, low, high), Products(p3 + at, p7 + at, low, high)));
                dots -= Vector256.Create(Q4_0Format.Zero * sums[b]);
                var halves = Vector128.Create(
                    *(ushort*)(p0 + at), *(ushort*)(p1 + at), *(ushort*)(p2 + at), *(ushort*)(p3 + at),
                    *(ushort*)(p4 + at), *(ushort*)(p5 + at), *(ushort*)(p6 + at), *(ushort*)(p7 + at));
                total = Fma.MultiplyAdd(Avx.ConvertToVector256Single(dots), Halves.ToSingle(halves) * Vector256.Create(scales[b]), total);
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
}
