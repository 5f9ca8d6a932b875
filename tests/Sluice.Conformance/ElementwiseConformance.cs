using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Cpu;

namespace Sluice.Conformance;

public class ElementwiseConformance
{
    private const float Epsilon = 1e-5f;

    public static TheoryData<string, int, int> Shapes()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var row in new KernelVariants())
            foreach (var (rows, cols) in new[] { (1, 1), (2, 7), (1, 16), (3, 48), (5, 257), (70, 1000) })
                data.Add(row, rows, cols);
        return data;
    }

    [Theory, MemberData(nameof(Shapes))]
    public void RmsNorm_AnyShape_MatchesTheDefinition(string variant, int rows, int cols)
    {
        using var rig = new Rig(variant);
        float[] x = Samples.Floats(1, rows * cols, 20f), w = Samples.Floats(2, cols);
        using var tx = rig.Upload(x, cols);
        using var tw = rig.Upload(w, cols);
        using var ty = rig.Backend.Memory.Allocate(rows, cols);
        rig.Backend.Elementwise.RmsNorm(tx, rows, tw, Epsilon, ty);
        AssertClose(Norm(x, w, cols), rig.Download(ty, rows), 1e-6);
        rig.Backend.Elementwise.RmsNorm(tx, rows, tw, Epsilon, tx);
        Assert.Equal(rig.Download(ty, rows), rig.Download(tx, rows));
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AddRmsNorm_AnyShape_SameBitsAsAddThenNorm(string variant, int rows, int cols)
    {
        using var rig = new Rig(variant);
        float[] x = Samples.Floats(1, rows * cols), delta = Samples.Floats(3, rows * cols), w = Samples.Floats(2, cols);
        using var residual = rig.Upload(x, cols);
        using var residualToo = rig.Upload(x, cols);
        using var td = rig.Upload(delta, cols);
        using var tw = rig.Upload(w, cols);
        using var y = rig.Backend.Memory.Allocate(rows, cols);
        using var yToo = rig.Backend.Memory.Allocate(rows, cols);
        rig.Backend.Elementwise.AddRmsNorm(residual, td, rows, tw, Epsilon, y);
        rig.Backend.Elementwise.Add(residualToo, td, rows);
        rig.Backend.Elementwise.RmsNorm(residualToo, rows, tw, Epsilon, yToo);
        float[] sum = [.. x.Zip(delta, (a, b) => a + b)];
        Assert.Equal(sum, rig.Download(residual, rows));
        Assert.Equal(sum, rig.Download(residualToo, rows));
        Assert.Equal(rig.Download(yToo, rows), rig.Download(y, rows));
        AssertClose(Norm(sum, w, cols), rig.Download(y, rows), 1e-6);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void HeadRmsNorm_AnyHeadDim_MatchesTheDefinition(string variant, int rows, int headDim)
    {
        using var rig = new Rig(variant);
        float[] x = Samples.Floats(1, rows * 3 * headDim), w = Samples.Floats(2, headDim);
        using var tx = rig.Upload(x, 3 * headDim);
        using var tw = rig.Upload(w, headDim);
        rig.Backend.Elementwise.HeadRmsNorm(tx, rows, headDim, tw, Epsilon);
        AssertClose(Norm(x, w, headDim), rig.Download(tx, rows), 1e-6);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void SwiGlu_AnyShape_MatchesTheDefinition(string variant, int rows, int cols)
    {
        using var rig = new Rig(variant);
        float[] gate = Samples.Floats(1, rows * cols, 12f), up = Samples.Floats(2, rows * cols);
        using var tg = rig.Upload(gate, cols);
        using var tu = rig.Upload(up, cols);
        rig.Backend.Elementwise.SwiGlu(tg, tu, rows, tg);
        AssertClose([.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-(double)g)) * u)], rig.Download(tg, rows), 1e-6);
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void SwiGlu_ExtremeGates_NeitherOverflowNorNotANumber(string variant)
    {
        using var rig = new Rig(variant);
        float[] gate = [-1e30f, -200, -104, -89, -88, 0, 88, 89, 200, 1e30f, float.NegativeInfinity, -1, 1, 2, 3, 4, 5, -95];
        using var tg = rig.Upload(gate, gate.Length);
        using var tu = rig.Upload([.. gate.Select(_ => 1f)], gate.Length);
        using var y = rig.Backend.Memory.Allocate(1, gate.Length);
        rig.Backend.Elementwise.SwiGlu(tg, tu, 1, y);
        float[] actual = rig.Download(y, 1);
        for (int i = 0; i < gate.Length; i++)
        {
            if (float.IsNegativeInfinity(gate[i]))
                Assert.True(float.IsNaN(actual[i])); // minus infinity times zero
            else
                Assert.Equal(gate[i] / (1 + Math.Exp(-(double)gate[i])), actual[i], Math.Abs(gate[i]) * 1e-6);
        }
    }

    public static TheoryData<string, RopeLayout, int, int, int> Ropes()
    {
        var data = new TheoryData<string, RopeLayout, int, int, int>();
        foreach (var row in new KernelVariants())
            foreach (var layout in Enum.GetValues<RopeLayout>())
                foreach (var (heads, headDim, rotaryDims) in new[] { (1, 2, 2), (3, 12, 12), (4, 64, 64), (2, 48, 20), (2, 100, 66) })
                    data.Add(row, layout, heads, headDim, rotaryDims);
        return data;
    }

    [Theory, MemberData(nameof(Ropes))]
    public void ApplyRope_AnyShape_RotatesEachPairByItsAngle(string variant, RopeLayout layout, int heads, int headDim, int rotaryDims)
    {
        using var rig = new Rig(variant);
        int pairs = rotaryDims / 2;
        int[] positions = [0, 1, 7, 4095, 1_000_003];
        float[] frequencies = [.. Enumerable.Range(0, pairs).Select(i => (float)Math.Pow(10000, -(double)i / pairs))];
        var rope = new RopeSpec(frequencies, 1.25f, layout);
        float[] x = Samples.Floats(1, positions.Length * heads * headDim);
        using var tx = rig.Upload(x, heads * headDim);
        using var table = rig.Backend.Memory.Allocate(positions.Length, rotaryDims);
        rig.Backend.Elementwise.PrepareRope(rope, positions, table);
        rig.Backend.Elementwise.ApplyRope(rope, tx, positions.Length, headDim, table);

        double[] expected = [.. x];
        for (int r = 0; r < positions.Length; r++)
        {
            for (int h = 0; h < heads; h++)
            {
                for (int i = 0; i < pairs; i++)
                {
                    int at = (r * heads + h) * headDim;
                    var (a, b) = layout == RopeLayout.Halves ? (at + i, at + pairs + i) : (at + 2 * i, at + 2 * i + 1);
                    double angle = positions[r] * (double)frequencies[i];
                    expected[a] = 1.25 * (x[a] * Math.Cos(angle) - x[b] * Math.Sin(angle));
                    expected[b] = 1.25 * (x[b] * Math.Cos(angle) + x[a] * Math.Sin(angle));
                }
            }
        }
        AssertClose(expected, rig.Download(tx, positions.Length), 5e-7);
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void AllOperations_ManyRowsOnManyThreads_SameBitsAsRowByRow(string variant)
    {
        const int Rows = 200, Cols = 300;
        using var many = new Rig(variant, 4);
        using var single = new Rig(variant, 1);
        float[] x = Samples.Floats(1, Rows * Cols), z = Samples.Floats(2, Rows * Cols), w = Samples.Floats(3, Cols);
        float[] together = many.NormThenGlu(x, z, w, Cols);
        for (int r = 0; r < Rows; r += 37)
        {
            float[] alone = single.NormThenGlu(x.AsSpan(r * Cols, Cols).ToArray(), z.AsSpan(r * Cols, Cols).ToArray(), w, Cols);
            Assert.Equal(together.AsSpan(r * Cols, Cols).ToArray(), alone);
        }
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    public void LoadVector_FloatTypes_Decodes(DType type)
    {
        using var rig = new Rig("scalar");
        using var stored = Samples.Stored(4, type, 1, 37);
        using var vector = rig.Backend.Memory.LoadVector(Samples.View(stored, type, 1, 37));
        double[] expected = Twins.NaiveFormats.Decode(type, stored.AsSpan<byte>(), 37);
        Assert.Equal(expected, rig.Download(vector, 1).Select(v => (double)v));
    }

    [Fact]
    public void LoadVector_Quantized_Refused()
    {
        using var rig = new Rig("scalar");
        using var stored = Samples.Stored(4, DType.Q8_0, 1, 32);
        var view = Samples.View(stored, DType.Q8_0, 1, 32);
        Assert.Contains("Q8_0", Assert.Throws<SluiceException>(() => rig.Backend.Memory.LoadVector(view)).Message, StringComparison.Ordinal);
    }

    private static double[] Norm(float[] x, float[] w, int cols)
    {
        var y = new double[x.Length];
        for (int r = 0; r < x.Length / cols; r++)
        {
            double mean = x.Skip(r * cols).Take(cols).Sum(v => (double)v * v) / cols;
            for (int i = 0; i < cols; i++)
                y[r * cols + i] = x[r * cols + i] / Math.Sqrt(mean + Epsilon) * w[i];
        }
        return y;
    }

    private static void AssertClose(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"element {i}: {actual[i]} for {expected[i]}");
    }

    private sealed class Rig : IDisposable
    {
        private readonly CpuDevice _device;

        public Rig(string variant, int threads = 2)
        {
            _device = new CpuDevice(new CpuDeviceOptions { Threads = threads, Kernels = variant });
            Backend = _device.CreateBackend();
        }

        public IBackend Backend { get; }

        public Tensor Upload(float[] values, int cols) => Samples.Upload(Backend, values, cols);

        public float[] Download(Tensor tensor, int rows) => Samples.Download(Backend, tensor, rows);

        public float[] NormThenGlu(float[] x, float[] z, float[] w, int cols)
        {
            int rows = x.Length / cols;
            using var tx = Upload(x, cols);
            using var tz = Upload(z, cols);
            using var tw = Upload(w, cols);
            Backend.Elementwise.AddRmsNorm(tx, tz, rows, tw, Epsilon, tz);
            Backend.Elementwise.SwiGlu(tx, tz, rows, tx);
            return Download(tx, rows);
        }

        public void Dispose()
        {
            Backend.Dispose();
            _device.Dispose();
        }
    }
}
