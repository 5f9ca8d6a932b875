using Sluice.Conformance.Twins;
using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Core.Quant;
using Sluice.Cpu;
using Sluice.Cpu.Dispatch;

namespace Sluice.Conformance;

public class LinearConformance
{
    private static readonly DType[] FloatTypes = [DType.F32, DType.F16, DType.BF16];
    private static readonly DType[] QuantizedTypes = [DType.Q8_0, DType.Q4_0, DType.Q4_K, DType.Q5_K, DType.Q6_K];

    public static TheoryData<string, DType, int, int> Shapes()
    {
        var data = new TheoryData<string, DType, int, int>();
        foreach (var row in new KernelVariants())
        {
            foreach (var type in FloatTypes)
                foreach (var (rows, cols) in new[] { (1, 1), (3, 12), (33, 48), (70, 257), (64, 96) })
                    data.Add(row, type, rows, cols);
            foreach (var type in QuantizedTypes)
            {
                int block = BlockElements(type);
                foreach (var (rows, blocks) in new[] { (1, 1), (7, 2), (33, 3), (70, 8), (100, 1024 / block + 7) })
                    data.Add(row, type, rows, blocks * block);
            }
        }
        return data;
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Project_AnyShape_MatchesTheDefinition(string variant, DType type, int outputs, int cols)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2, Kernels = variant });
        using var backend = device.CreateBackend();
        using var stored = Samples.Stored(outputs, type, outputs, cols);
        using var weight = backend.Memory.LoadMatrix(Samples.View(stored, type, outputs, cols));
        backend.Memory.FinishLoading();
        foreach (int rows in new[] { 1, 2, 3, 5, 8, 13, 40 })
        {
            float[] x = Samples.Floats(rows, rows * cols);
            double[] w = NaiveFormats.Decode(type, stored.AsSpan<byte>(), outputs * cols);
            double[] expected = NaiveLinear.Multiply(w, Seen(variant, type, x), rows, cols, outputs);
            float[] actual = Project(backend, weight, x, rows);
            double scale = Math.Sqrt(cols) * expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) <= 2e-6 * scale, $"{rows} rows, output {i}: {actual[i]} for {expected[i]}");
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Project_RowAmongOthers_BitIdenticalToRowAlone(string variant, DType type, int outputs, int cols)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2, Kernels = variant });
        using var backend = device.CreateBackend();
        using var stored = Samples.Stored(outputs, type, outputs, cols);
        using var weight = backend.Memory.LoadMatrix(Samples.View(stored, type, outputs, cols));
        backend.Memory.FinishLoading();
        const int Rows = 37;
        float[] x = Samples.Floats(5, Rows * cols);
        float[] together = Project(backend, weight, x, Rows);
        foreach (int count in new[] { 1, 2, 3, 4, 6, 7, 16 })
        {
            for (int first = 0; first + count <= Rows; first += count)
            {
                float[] alone = Project(backend, weight, x.AsSpan(first * cols, count * cols).ToArray(), count);
                Assert.Equal(Bits(together.AsSpan(first * outputs, count * outputs)), Bits(alone));
            }
        }
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void Project_QuantizedWeights_AllVariantsAgreeBitForBit(string variant)
    {
        foreach (var type in QuantizedTypes)
        {
            const int Outputs = 45;
            int cols = 13 * BlockElements(type);
            using var stored = Samples.Stored(3, type, Outputs, cols);
            foreach (int rows in new[] { 1, 2, 3, 4, 11 })
            {
                float[] x = Samples.Floats(4, rows * cols, 30f);
                Assert.Equal(Bits(ProjectOn("scalar", stored, type, Outputs, cols, x, 1)), Bits(ProjectOn(variant, stored, type, Outputs, cols, x, 2)));
            }
        }
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void Project_AnyThreadCount_SameBits(string variant)
    {
        foreach (var type in FloatTypes.Concat(QuantizedTypes))
        {
            const int Outputs = 300, Rows = 9;
            int cols = WholeBlocks(type, 160);
            using var stored = Samples.Stored(7, type, Outputs, cols);
            float[] x = Samples.Floats(8, Rows * cols);
            float[] one = ProjectOn(variant, stored, type, Outputs, cols, x, 1);
            foreach (int threads in new[] { 2, 3, 5 })
                Assert.Equal(Bits(one), Bits(ProjectOn(variant, stored, type, Outputs, cols, x, threads)));
        }
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void Project_SeveralSharingAnInput_EachAsAlone(string variant)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2, Kernels = variant });
        using var backend = device.CreateBackend();
        const int Cols = 256, Rows = 6;
        (DType Type, int Outputs)[] kinds =
            [(DType.Q8_0, 96), (DType.Q4_0, 33), (DType.F16, 5), (DType.Q8_0, 32), (DType.F32, 64), (DType.Q4_K, 40), (DType.Q6_K, 9), (DType.Q5_K, 31)];
        float[] x = Samples.Floats(1, Rows * Cols);
        using var input = Samples.Upload(backend, x, Cols);
        var stored = kinds.Select((k, i) => Samples.Stored(i, k.Type, k.Outputs, Cols)).ToArray();
        var weights = kinds.Select((k, i) => backend.Memory.LoadMatrix(Samples.View(stored[i], k.Type, k.Outputs, Cols))).ToArray();
        backend.Memory.FinishLoading();
        var biases = kinds.Select((k, i) => i % 2 == 0 ? Samples.Floats(i, k.Outputs) : null).ToArray();
        var biasTensors = biases.Select(b => b is null ? null : Samples.Upload(backend, b, b.Length)).ToArray();
        var outputs = kinds.Select(k => backend.Memory.Allocate(Rows, k.Outputs)).ToArray();
        backend.Linear.Project(input, Rows, [.. kinds.Select((_, i) => new Projection(weights[i], biasTensors[i], outputs[i]))]);
        for (int i = 0; i < kinds.Length; i++)
        {
            float[] alone = Project(backend, weights[i], x, Rows);
            for (int j = 0; j < alone.Length; j++)
                alone[j] += biases[i]?[j % kinds[i].Outputs] ?? 0;
            Assert.Equal(Bits(alone), Bits(Samples.Download(backend, outputs[i], Rows)));
        }
        foreach (var owner in stored.Concat<IDisposable>(weights).Concat(outputs).Concat(biasTensors.OfType<Tensor>()))
            owner.Dispose();
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void Project_SlicedWeight_MatchesThatPartOfTheWhole(string variant)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2, Kernels = variant });
        using var backend = device.CreateBackend();
        foreach (var type in FloatTypes.Concat(QuantizedTypes))
        {
            int unit = WholeBlocks(type, 32), cols = 3 * unit, kept = 2 * unit;
            using var stored = Samples.Stored(2, type, 40, cols);
            var view = Samples.View(stored, type, 40, cols);
            using var part = backend.Memory.LoadMatrix(view.SliceRows(11, 21).SliceCols(unit, kept));
            backend.Memory.FinishLoading();
            float[] x = Samples.Floats(9, 3 * kept);
            double[] w = NaiveFormats.Decode(type, stored.AsSpan<byte>(), 40 * cols);
            double[] cut = [.. Enumerable.Range(0, 21 * kept).Select(i => w[(11 + i / kept) * cols + unit + i % kept])];
            double[] expected = NaiveLinear.Multiply(cut, Seen(variant, type, x), 3, kept, 21);
            double scale = expected.Max(Math.Abs);
            float[] actual = Project(backend, part, x, 3);
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i], 1e-5 * Math.Max(scale, 10));
        }
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void Project_InfinityOrNotANumberInOneRow_OtherRowsUntouched(string variant)
    {
        foreach (var type in FloatTypes.Concat(QuantizedTypes))
        {
            int cols = WholeBlocks(type, 64);
            using var stored = Samples.Stored(2, type, 20, cols);
            float[] x = Samples.Floats(3, 5 * cols);
            float[] clean = ProjectOn(variant, stored, type, 20, cols, x, 2);
            x[cols] = float.NaN;
            x[cols + 40] = float.PositiveInfinity;
            x[2 * cols + 5] = float.NegativeInfinity;
            float[] dirty = ProjectOn(variant, stored, type, 20, cols, x, 2);
            foreach (int row in new[] { 0, 3, 4 })
                Assert.Equal(Bits(clean.AsSpan(row * 20, 20)), Bits(dirty.AsSpan(row * 20, 20)));
        }
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void Project_ScaleNotFinite_ShowsInItsRowOnly(string variant)
    {
        foreach (var type in QuantizedTypes)
        {
            const int Outputs = 35, Bad = 33;
            var format = BlockFormats.Of(type);
            int blocks = 3, cols = blocks * format.BlockElements;
            foreach (int rows in new[] { 1, 2, 3, 9 })
            {
                using var stored = Samples.Stored(2, type, Outputs, cols);
                float[] x = Samples.Floats(3, rows * cols);
                float[] clean = ProjectOn(variant, stored, type, Outputs, cols, x, 1);
                foreach (var scale in new[] { Half.NaN, Half.PositiveInfinity, Half.NegativeInfinity })
                {
                    Samples.SetScales(type, stored.AsSpan<byte>().Slice((Bad * blocks + 1) * format.BlockBytes, format.BlockBytes), scale);
                    float[] broken = ProjectOn(variant, stored, type, Outputs, cols, x, 1);
                    for (int i = 0; i < broken.Length; i++)
                        Assert.True(i % Outputs == Bad ? !float.IsFinite(broken[i]) : broken[i] == clean[i], $"{type}, {rows} rows, {scale}: output {i} is {broken[i]}");
                }
            }
        }
    }

    [Fact]
    public void LoadMatrix_TypeWithoutKernel_NamesItAndTheSupportedOnes()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        using var stored = new NativeBuffer(BlockFormats.Of(DType.IQ2_XS).BytesFor(256));
        var view = Samples.View(stored, DType.IQ2_XS, 1, 256);
        var error = Assert.Throws<SluiceException>(() => backend.Memory.LoadMatrix(view));
        Assert.Contains("IQ2_XS", error.Message, StringComparison.Ordinal);
        Assert.Contains("F32, F16, Q4_0, Q8_0, Q4_K, Q5_K, Q6_K, BF16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadMatrix_HalfABlockInARow_Refused()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        using var stored = new NativeBuffer(1024);
        var view = Samples.View(stored, DType.Q8_0, 2, 48);
        Assert.Contains("whole blocks", Assert.Throws<SluiceException>(() => backend.Memory.LoadMatrix(view)).Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void Embed_EachFormat_GivesTheDecodedRows(string variant)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2, Kernels = variant });
        using var backend = device.CreateBackend();
        foreach (var type in FloatTypes.Concat(QuantizedTypes))
        {
            int cols = WholeBlocks(type, 64);
            using var stored = Samples.Stored(6, type, 10, cols);
            using var table = backend.Memory.LoadTable(Samples.View(stored, type, 10, cols));
            using var y = backend.Memory.Allocate(3, cols);
            backend.Linear.Embed(table, [9, 0, 4], y);
            double[] w = NaiveFormats.Decode(type, stored.AsSpan<byte>(), 10 * cols);
            double[] expected = [.. w[(9 * cols)..], .. w[..cols], .. w[(4 * cols)..(5 * cols)]];
            Assert.Equal(expected, Samples.Download(backend, y, 3).Select(v => (double)v), (a, b) => Math.Abs(a - b) <= 1e-7 * Math.Max(1, Math.Abs(a)));
            Assert.Throws<ArgumentOutOfRangeException>(() => backend.Linear.Embed(table, [10], y));
            Assert.Throws<ArgumentOutOfRangeException>(() => backend.Linear.Embed(table, [-1], y));
        }
    }

    [Fact]
    public void Gather_SomeRows_CopiesThemInOrder()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        float[] values = Samples.Floats(1, 5 * 7);
        using var x = Samples.Upload(backend, values, 7);
        using var y = backend.Memory.Allocate(2, 7);
        backend.Linear.Gather(x, [4, 1], y);
        Assert.Equal([.. values[28..], .. values[7..14]], Samples.Download(backend, y, 2));
    }

    private static int BlockElements(DType type) => BlockFormats.Of(type).BlockElements;

    /// <summary>At least so many columns.</summary>
    private static int WholeBlocks(DType type, int cols) => (cols + BlockElements(type) - 1) / BlockElements(type) * BlockElements(type);

    /// <summary>What kernels of a type see of their activations: those of quantised weights quantise them in blocks as large as the weights'.</summary>
    private static double[] Seen(string variant, DType type, float[] x) =>
        QuantizedTypes.Contains(type) ? NaiveLinear.Quantized(x, BlockElements(type))
        : type == DType.BF16 && variant == InstructionSets.NameOf(KernelVariant.Avx512BF16) ? NaiveLinear.RoundedToBF16(x)
        : [.. x];

    private static float[] ProjectOn(string variant, NativeBuffer stored, DType type, int outputs, int cols, float[] x, int threads)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = threads, Kernels = variant });
        using var backend = device.CreateBackend();
        using var weight = backend.Memory.LoadMatrix(Samples.View(stored, type, outputs, cols));
        backend.Memory.FinishLoading();
        return Project(backend, weight, x, x.Length / cols);
    }

    private static float[] Project(IBackend backend, Weight weight, float[] x, int rows)
    {
        using var input = Samples.Upload(backend, x, weight.Cols);
        using var output = backend.Memory.Allocate(rows, weight.Rows);
        backend.Linear.Project(input, rows, [new Projection(weight, null, output)]);
        return Samples.Download(backend, output, rows);
    }

    private static int[] Bits(ReadOnlySpan<float> values) => [.. values.ToArray().Select(BitConverter.SingleToInt32Bits)];
}
