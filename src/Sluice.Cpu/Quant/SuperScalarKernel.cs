using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>The plain reference of products with <see cref="SuperBlock"/>s.</summary>
internal sealed unsafe class SuperScalarKernel<F> : MatrixKernel where F : ISuperBlock
{
    public override InputForm Input { get; } = new SuperForm<Lanes1, float>(int.MaxValue, 1, 1);

    public override int RowGroup => 1;

    public override void Multiply(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
    {
        for (int r = 0; r < operand.Rows; r++)
        {
            var x = SuperRow.Of(operand, r);
            for (int n = start; n < end; n++)
                y[r * yStride + n] = Dot(weight.Row(n), x, operand.Cols / SuperBlock.Elements);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(byte* block, in SuperRow x, int blocks)
    {
        byte* quants = stackalloc byte[SuperBlock.Elements];
        int* scales = stackalloc int[SuperBlock.Elements / F.SubBlock];
        float* sums = stackalloc float[BlockSums.Count];
        new Span<float>(sums, BlockSums.Count).Clear();
        for (int b = 0; b < blocks; b++, block += F.BlockBytes)
        {
            F.Decode(block, quants, scales);
            sbyte* a = x.Values + b * SuperBlock.Elements;
            int dot = 0;
            for (int i = 0; i < SuperBlock.Elements; i++)
                dot += scales[i / F.SubBlock] * (quants[i] - F.Zero) * a[i];
            int pair = F.ScalePair(block);
            ref float sum = ref sums[b % BlockSums.Count];
            sum = MathF.FusedMultiplyAdd(dot, Half(pair) * x.Scales[b], sum);
            if (!F.HasMinima)
                continue;
            ulong minima = F.Minima(block);
            int minimum = 0;
            for (int i = 0; i < SuperBlock.Elements; i++)
                minimum += (byte)(minima >> i / F.SubBlock * 8) * a[i];
            sum = MathF.FusedMultiplyAdd(minimum, -(Half(pair >> 16) * x.Scales[b]), sum);
        }
        return BlockSums.Fold(sums);
    }

    private static float Half(int bits) => (float)BitConverter.UInt16BitsToHalf((ushort)bits);
}
