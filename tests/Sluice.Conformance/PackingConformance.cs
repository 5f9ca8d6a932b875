using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Cpu;
using Sluice.Cpu.Dispatch;
using Sluice.Cpu.Memory;

namespace Sluice.Conformance;

/// <summary>Weights that are packed while products use them already. Alone, because it counts the process's buffers.</summary>
[Collection(nameof(PackingConformance))]
[CollectionDefinition(nameof(PackingConformance), DisableParallelization = true)]
public sealed class PackingConformance
{
    private static readonly DType[] Types = [DType.Q8_0, DType.Q4_0, DType.Q4_K, DType.Q5_K, DType.Q6_K];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Project_WhileWeightsArePacked_SameBitsBeforeAndAfter(int rows)
    {
        Assert.SkipUnless(InstructionSets.IsSupported(KernelVariant.Avx512Vnni), "needs AVX-512 VNNI");
        const int Outputs = 301, Cols = 512;
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2 });
        using var backend = device.CreateBackend();
        float[] x = Samples.Floats(1, rows * Cols);
        foreach (var type in Types)
        {
            using var stored = Samples.Stored(2, type, Outputs, Cols);
            var view = Samples.View(stored, type, Outputs, Cols);
            Weight[] weights = [.. Enumerable.Range(0, 20).Select(_ => backend.Memory.LoadMatrix(view))];
            var inPlace = device.Kernels.InPlace(type);
            float[][] meanwhile = [.. weights.Select(w => Project(backend, w, x))];
            backend.Memory.FinishLoading();
            foreach (var (weight, before) in weights.Zip(meanwhile))
            {
                Assert.Equal(Bits(before), Bits(Project(backend, weight, x)));
                Assert.NotSame(inPlace, CpuWeight.Of(weight).Kernel);
                weight.Dispose();
            }
        }
    }

    /// <summary>The greatest exact sums there are, which must not overflow on the way.</summary>
    [Theory]
    [InlineData(1f)]
    [InlineData(-1f)]
    public void Project_GreatestQuantsScalesAndActivations_SameBitsAsScalar(float value)
    {
        Assert.SkipUnless(InstructionSets.IsSupported(KernelVariant.Avx512Vnni), "needs AVX-512 VNNI");
        const int Outputs = 64, Cols = 512;
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2 });
        using var scalar = new CpuDevice(new CpuDeviceOptions { Threads = 1, Kernels = "scalar" });
        using var backend = device.CreateBackend();
        using var definition = scalar.CreateBackend();
        float[] x = [.. Enumerable.Repeat(value, Cols)];
        foreach (var type in Types)
        {
            using var stored = Samples.Stored(1, type, Outputs, Cols, fill: 0xFF);
            var view = Samples.View(stored, type, Outputs, Cols);
            using var packed = backend.Memory.LoadMatrix(view);
            using var plain = definition.Memory.LoadMatrix(view);
            backend.Memory.FinishLoading();
            Assert.Equal(Bits(Project(definition, plain, x)), Bits(Project(backend, packed, x)));
        }
    }

    [Fact]
    public void Dispose_WhileWeightsWaitToBePacked_LeavesNothing()
    {
        long owners = NativeBuffer.LiveOwners;
        using (var device = new CpuDevice(new CpuDeviceOptions { Threads = 2 }))
        {
            for (int i = 0; i < 20; i++)
            {
                using var stored = Samples.Stored(i, DType.Q4_0, 3000, 512);
                using var backend = device.CreateBackend();
                var weights = Enumerable.Range(0, 10).Select(_ => backend.Memory.LoadMatrix(Samples.View(stored, DType.Q4_0, 3000, 512))).ToArray();
                foreach (var weight in weights.Take(i % 10))
                    weight.Dispose();
            }
        }
        Assert.Equal(owners, NativeBuffer.LiveOwners);
    }

    [Fact]
    public void Dispose_AllWeightsOfAStretch_FreesItsMemory()
    {
        Assert.SkipUnless(InstructionSets.IsSupported(KernelVariant.Avx512Vnni), "needs AVX-512 VNNI");
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2 });
        using var backend = device.CreateBackend();
        using var stored = Samples.Stored(1, DType.Q4_0, 301, 512);
        long owners = NativeBuffer.LiveOwners;
        for (int i = 0; i < 3; i++)
        {
            Weight[] weights = [.. Enumerable.Range(0, 20).Select(_ => backend.Memory.LoadMatrix(Samples.View(stored, DType.Q4_0, 301, 512)))];
            backend.Memory.FinishLoading();
            Assert.InRange(NativeBuffer.LiveOwners - owners, 1, weights.Length - 1); // some share one
            foreach (var weight in weights)
                weight.Dispose();
            Assert.Equal(owners, NativeBuffer.LiveOwners);
        }
    }

    private static float[] Project(IBackend backend, Weight weight, float[] x)
    {
        int rows = x.Length / weight.Cols;
        using var input = Samples.Upload(backend, x, weight.Cols);
        using var output = backend.Memory.Allocate(rows, weight.Rows);
        backend.Linear.Project(input, rows, [new Projection(weight, null, output)]);
        return Samples.Download(backend, output, rows);
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
