using System.Runtime.CompilerServices;
using Sluice.Core.Quant;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Products with Q8_0 weights and activations in signed bytes; for the order of summation, which all variants share, see
/// <see cref="BlockSums"/>.
/// </summary>
internal static unsafe partial class Q8_0
{
    private const int BlockBytes = Q8_0Format.BlockBytes;
    private const int QuantsOffset = Q8_0Format.QuantsOffset;

    /// <summary>The plain reference.</summary>
    public sealed class ScalarKernel : MatrixKernel
    {
        public override InputForm Input => QuantizedRows<PlainRow, Lanes1, float>.Instance;

        public override int RowGroup => 1;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Multiply(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
        {
            for (int r = 0; r < operand.Rows; r++)
            {
                var x = QuantizedRow.Of(operand, r);
                for (int n = start; n < end; n++)
                    y[r * yStride + n] = Dot(weight.Row(n), x.Values, x.Scales, operand.Cols);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Dot(byte* w, sbyte* a, float* scales, int cols)
        {
            float* sums = stackalloc float[BlockSums.Count];
            new Span<float>(sums, BlockSums.Count).Clear();
            for (int b = 0; b < cols / Q8_0Format.BlockElements; b++, w += BlockBytes, a += Q8_0Format.BlockElements)
            {
                int dot = 0;
                for (int i = 0; i < Q8_0Format.BlockElements; i++)
                    dot += (sbyte)w[QuantsOffset + i] * a[i];
                sums[b % BlockSums.Count] = MathF.FusedMultiplyAdd(dot, Lanes1.LoadHalf((ushort*)w) * scales[b], sums[b % BlockSums.Count]);
            }
            return BlockSums.Fold(sums);
        }
    }
}
