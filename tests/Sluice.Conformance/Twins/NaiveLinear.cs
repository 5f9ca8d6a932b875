namespace Sluice.Conformance.Twins;

/// <summary>Products as they are defined.</summary>
internal static class NaiveLinear
{
    /// <summary>y[r, n] = Σ w[n, k] · x[r, k].</summary>
    public static double[] Multiply(double[] w, double[] x, int rows, int cols, int outputs)
    {
        var y = new double[rows * outputs];
        for (int r = 0; r < rows; r++)
            for (int n = 0; n < outputs; n++)
                for (int k = 0; k < cols; k++)
                    y[r * outputs + n] += w[n * cols + k] * x[r * cols + k];
        return y;
    }

    /// <summary>What remains of activations in signed bytes with one scale per <paramref name="block"/>.</summary>
    public static double[] Quantized(float[] x, int block)
    {
        var y = new double[x.Length];
        for (int b = 0; b < x.Length; b += block)
        {
            float max = 0;
            for (int i = b; i < b + block; i++)
                max = Math.Max(max, Math.Abs(x[i]));
            for (int i = b; i < b + block && max > 0; i++)
                y[i] = Math.Round(x[i] * (127f / max), MidpointRounding.ToEven) * (max / 127f);
        }
        return y;
    }

    /// <summary>Each value as the nearest that has the upper 16 bits of a single; of two as near, the one whose last bit is zero.</summary>
    public static double[] RoundedToBF16(float[] x) => [.. x.Select(value =>
    {
        float below = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000);
        float above = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(below) + 0x10000);
        double toBelow = Math.Abs((double)value - below), toAbove = Math.Abs((double)above - value);
        bool isEven = (BitConverter.SingleToUInt32Bits(below) & 0x10000) == 0;
        return (double)(toBelow < toAbove || (toBelow == toAbove && isEven) ? below : above);
    })];
}
