using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Emit;

/// <summary>
/// Products of BF16 weights with activations rounded to BF16, in F32: twice the products per instruction of <see cref="FloatKernel{F, L,
/// V}"/>. Rows are read where they are. Columns beyond the last whole step are added one by one. Touch it only where
/// <see cref="Dispatch.KernelVariant.Avx512BF16"/> is supported.
/// </summary>
internal sealed unsafe class BFloatKernel : MatrixKernel
{
    /// <summary>Activation rows that stay in the second-level cache while all weight rows pass by them.</summary>
    private const int InputBytesAtOnce = 384 * 1024;

    private static readonly delegate* unmanaged<byte*, long, byte*, long, long, float*, void> Six = BFloatTile.Emit(6);
    private static readonly delegate* unmanaged<byte*, long, byte*, long, long, float*, void> Four = BFloatTile.Emit(4);
    private static readonly delegate* unmanaged<byte*, long, byte*, long, long, float*, void> Two = BFloatTile.Emit(2);
    private static readonly delegate* unmanaged<byte*, long, byte*, long, long, float*, void> One = BFloatTile.Emit(1);

    public override InputForm Input => BFloatRows.Instance;

    public override int RowGroup => BFloatTile.WeightRows;

    public override void Multiply(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
    {
        int inputsPerBlock = (int)Math.Max(6, InputBytesAtOnce / BFloatRows.Stride(operand.Cols) / 6 * 6);
        for (int first = 0; first < operand.Rows; first += inputsPerBlock)
        {
            int inputs = Math.Min(inputsPerBlock, operand.Rows - first);
            for (int n = start; n < end; n += BFloatTile.WeightRows)
            {
                int rows = Math.Min(BFloatTile.WeightRows, end - n);
                if (rows == BFloatTile.WeightRows)
                {
                    MultiplyRows(weight.Row(n), weight.RowStrideBytes, rows, operand, first, inputs, y + n, yStride);
                    continue;
                }
                for (int i = 0; i < rows; i++)
                    MultiplyRows(weight.Row(n + i), 0, 1, operand, first, inputs, y + n + i, yStride); // one row in the place of all four
            }
        }
    }

    private static void MultiplyRows(byte* weight, long stride, int rows, in Operand operand, int first, int inputs, float* y, long yStride)
    {
        float* sums = stackalloc float[6 * BFloatTile.WeightRows];
        int steps = operand.Cols / BFloatTile.StepColumns;
        long inputStride = BFloatRows.Stride(operand.Cols);
        byte* input = operand.Prepared + first * inputStride;
        for (int r = 0, taken; r < inputs; r += taken, input += taken * inputStride)
        {
            (taken, var product) = (inputs - r) switch
            {
                >= 6 => (6, (nint)Six),
                >= 4 => (4, (nint)Four),
                >= 2 => (2, (nint)Two),
                _ => (1, (nint)One),
            };
            if (steps > 0)
                ((delegate* unmanaged<byte*, long, byte*, long, long, float*, void>)product)(weight, stride, input, inputStride, steps, sums);
            else
                new Span<float>(sums, taken * BFloatTile.WeightRows).Clear();
            for (int t = 0; t < taken; t++)
            {
                for (int i = 0; i < rows; i++)
                {
                    float rest = Rest(weight + i * stride, input + t * inputStride, steps * BFloatTile.StepColumns, operand.Cols);
                    y[(first + r + t) * yStride + i] = sums[t * BFloatTile.WeightRows + i] + rest;
                }
            }
        }
    }

    /// <summary>The columns from <paramref name="k"/> on, which fill no step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Rest(byte* weight, byte* input, int k, int cols)
    {
        float sum = 0;
        for (; k < cols; k++)
            sum = MathF.FusedMultiplyAdd(Lanes1.LoadBFloat((ushort*)weight + k), Lanes1.LoadBFloat((ushort*)input + k), sum);
        return sum;
    }
}
