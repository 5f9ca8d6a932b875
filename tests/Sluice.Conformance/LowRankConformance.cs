using Sluice.Conformance.Twins;
using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Cpu;

namespace Sluice.Conformance;

public class LowRankConformance
{
    private const int Inputs = 70, Rows = 19;

    public static TheoryData<string, DType, int, int> Shapes()
    {
        var data = new TheoryData<string, DType, int, int>();
        foreach (var row in new KernelVariants())
        {
            foreach (var type in new[] { DType.F32, DType.F16, DType.BF16 })
            {
                data.Add(row, type, 8, 16); // filled up with columns that must count as zeros
                data.Add(row, type, 5, 5);
                data.Add(row, type, 33, 48);
            }
        }
        return data;
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AddLowRank_SeveralStretches_MatchesTheDefinition(string variant, DType type, int rank, int width)
    {
        const int Outputs = 45;
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2, Kernels = variant });
        using var backend = device.CreateBackend();
        using NativeBuffer down = Samples.Stored(1, type, rank, Inputs), up = Samples.Stored(2, type, Outputs, width);
        using var a = backend.Memory.LoadMatrix(Samples.View(down, type, rank, Inputs));
        using var b = backend.Memory.LoadMatrix(Samples.View(up, type, Outputs, width));
        float[] x = Samples.Floats(3, Rows * Inputs), before = Samples.Floats(4, Rows * Outputs);
        using var input = Samples.Upload(backend, x, Inputs);
        using var output = Samples.Upload(backend, before, Outputs);
        backend.Linear.AddLowRank(input, [new LowRankTerm(a, b, 0.5f, 2, 3, output), new LowRankTerm(a, b, -2f, 7, 11, output)]);

        double[] middle = NaiveLinear.Multiply(
            NaiveFormats.Decode(type, down.AsSpan<byte>(), rank * Inputs), [.. x.Select(v => (double)v)], Rows, Inputs, rank);
        double[] wide = new double[Rows * width];
        for (int r = 0; r < Rows; r++)
            middle.AsSpan(r * rank, rank).CopyTo(wide.AsSpan(r * width));
        double[] change = NaiveLinear.Multiply(NaiveFormats.Decode(type, up.AsSpan<byte>(), Outputs * width), wide, Rows, width, Outputs);
        // The one variant that rounds activations; it is for who asks for it by name.
        double tolerance = (variant == "avx512bf16" && type == DType.BF16 ? 1e-2 : 1e-5) * change.Max(Math.Abs);
        var row = new float[Outputs];
        for (int r = 0; r < Rows; r++)
        {
            double factor = r is >= 2 and < 5 ? 0.5 : r is >= 7 and < 18 ? -2 : 0;
            backend.Memory.Read(output, r, row);
            for (int n = 0; n < Outputs; n++)
            {
                double expected = before[r * Outputs + n] + factor * change[r * Outputs + n];
                Assert.True(Math.Abs(expected - row[n]) <= tolerance, $"row {r}, output {n}: {row[n]} for {expected}");
            }
        }
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void AddLowRank_StretchAmongOthers_BitIdenticalToStretchAlone(string variant)
    {
        const int Outputs = 100, Rank = 8, Width = 16;
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2, Kernels = variant });
        using var backend = device.CreateBackend();
        var stored = new List<NativeBuffer>();
        var adapters = Enumerable.Range(0, 4).Select(i =>
        {
            stored.Add(Samples.Stored(10 + i, DType.F16, Rank, Inputs));
            stored.Add(Samples.Stored(20 + i, DType.F16, Outputs, Width));
            return (Down: backend.Memory.LoadMatrix(Samples.View(stored[^2], DType.F16, Rank, Inputs)),
                Up: backend.Memory.LoadMatrix(Samples.View(stored[^1], DType.F16, Outputs, Width)));
        }).ToArray();
        float[] x = Samples.Floats(3, Rows * Inputs), before = Samples.Floats(4, Rows * Outputs);
        using var input = Samples.Upload(backend, x, Inputs);
        using var together = Samples.Upload(backend, before, Outputs);
        LowRankTerm Term(int i, Tensor output) => new(adapters[i].Down, adapters[i].Up, 1.5f, i * 4, i + 1, output);
        backend.Linear.AddLowRank(input, [Term(0, together), Term(1, together), Term(2, together), Term(3, together)]);
        float[] expected = new float[Outputs], actual = new float[Outputs];
        for (int i = 0; i < adapters.Length; i++)
        {
            using var alone = Samples.Upload(backend, before, Outputs);
            backend.Linear.AddLowRank(input, [Term(i, alone)]);
            for (int r = i * 4; r <= i * 4 + i; r++)
            {
                backend.Memory.Read(alone, r, expected);
                backend.Memory.Read(together, r, actual);
                Assert.Equal(expected, actual);
            }
        }
        foreach (var (down, up) in adapters)
        {
            down.Dispose();
            up.Dispose();
        }
        stored.ForEach(buffer => buffer.Dispose());
    }
}
