using System.Runtime.Intrinsics;
using Sluice.Core;
using Sluice.Core.Memory;
using Sluice.Cpu.Dispatch;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Quant;

namespace Sluice.Conformance;

/// <summary>The AVX-VNNI kernels with their one instruction done the slow way, so that all but that instruction is proved on any processor with AVX2.</summary>
public unsafe class VnniConformance
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(12)]
    public void Multiply_Q8_0_BitIdenticalToScalar(int rows)
    {
        Assert.SkipUnless(InstructionSets.IsSupported(KernelVariant.Avx2), "needs AVX2");
        const int Outputs = 45, Cols = 224;
        using var stored = Samples.Stored(1, DType.Q8_0, Outputs, Cols);
        float[] x = Samples.Floats(rows, rows * Cols, 5f);
        var vnni = new BlockKernel<Q8_0.VnniRow<SlowDot>, Q8_0.VnniPanel<SlowDot>, ByteQuads, Lanes256, Vector256<float>>();
        Assert.Equal(Multiply(new Q8_0.ScalarKernel(), stored, Outputs, Cols, x), Multiply(vnni, stored, Outputs, Cols, x));
    }

    private static int[] Multiply(MatrixKernel kernel, NativeBuffer stored, int outputs, int cols, float[] x)
    {
        int rows = x.Length / cols;
        var weight = new StoredMatrix(Samples.View(stored, DType.Q8_0, outputs, cols));
        using var prepared = new NativeBuffer(kernel.Input!.BytesFor(rows, cols));
        using var scratch = new NativeBuffer(kernel.ScratchBytes(rows, cols));
        var y = new float[rows * outputs];
        fixed (float* input = x)
        fixed (float* output = y)
        {
            var operand = new Operand { X = input, Stride = cols, Rows = rows, Cols = cols, Prepared = prepared.Address };
            kernel.Input.Prepare(operand, 0, kernel.Input.UnitsFor(rows));
            kernel.Multiply(weight, operand, 0, outputs, output, outputs, scratch.Address);
        }
        return [.. y.Select(BitConverter.SingleToInt32Bits)];
    }

    private readonly struct SlowDot : IQuadDot
    {
        public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> w, Vector256<sbyte> a)
        {
            var result = sum;
            for (int i = 0; i < 32; i++)
                result = result.WithElement(i / 4, result.GetElement(i / 4) + w.GetElement(i) * a.GetElement(i));
            return result;
        }
    }
}
