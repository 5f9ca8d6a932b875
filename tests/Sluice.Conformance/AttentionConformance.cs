using Sluice.Conformance.Twins;
using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Cpu;

namespace Sluice.Conformance;

public class AttentionConformance
{
    private static readonly DType[] Types = [DType.F32, DType.F16, DType.Q8_0, DType.Q4_0];

    public static TheoryData<string, DType, int, int, int, int> Shapes()
    {
        var data = new TheoryData<string, DType, int, int, int, int>();
        foreach (var row in new KernelVariants())
        {
            foreach (var type in Types)
            {
                foreach (var (heads, kvHeads, dim, blockTokens) in new[] { (1, 1, 1, 1), (3, 3, 12, 5), (8, 2, 16, 16), (6, 1, 40, 32), (20, 1, 8, 300) })
                    data.Add(row, type, heads, kvHeads, dim, blockTokens);
            }
        }
        return data;
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Attend_AnyShape_MatchesTheDefinition(string variant, DType type, int heads, int kvHeads, int dim, int blockTokens)
    {
        const int Positions = 611;
        using var rig = new AttentionRig(variant, 2, type, heads, kvHeads, dim, blockTokens, Positions, sequences: 1);
        float[] q = Samples.Floats(1, Positions * heads * dim, 3f);
        float[] k = Samples.Floats(2, Positions * kvHeads * dim, 2f);
        float[] v = Samples.Floats(3, Positions * kvHeads * dim, 2f);
        float[] actual = rig.Step((0, 0, q, k, v))[0];
        (float[] storedK, float[] storedV) = (StoredKv.Of(type, k, dim), StoredKv.Of(type, v, dim));
        double tolerance = type is DType.F32 or DType.F16 ? 2e-5 : 5e-4; // 4 standard deviations of what 16 bits of queries up to 3 leave
        foreach (int row in new[] { 0, 1, 14, 15, 16, 17, 254, 255, 256, 257, 299, 300, 512, 513, Positions - 1 })
        {
            int width = heads * dim;
            double[] expected = NaiveAttention.Attend(q.AsSpan(row * width, width), storedK, storedV, row + 1, kvHeads, dim, rig.Scale);
            for (int i = 0; i < width; i++)
                Assert.Equal(expected[i], actual[row * width + i], tolerance);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Attend_InChunksOrOneByOne_BitIdenticalToWhole(string variant, DType type, int heads, int kvHeads, int dim, int blockTokens)
    {
        const int Positions = 293;
        float[] q = Samples.Floats(1, Positions * heads * dim, 3f);
        float[] k = Samples.Floats(2, Positions * kvHeads * dim, 2f);
        float[] v = Samples.Floats(3, Positions * kvHeads * dim, 2f);
        using var whole = new AttentionRig(variant, 2, type, heads, kvHeads, dim, blockTokens, Positions, sequences: 1);
        float[] expected = whole.Step((0, 0, q, k, v))[0];
        foreach (int chunk in new[] { 1, 7, 64 })
        {
            using var rig = new AttentionRig(variant, 3, type, heads, kvHeads, dim, blockTokens, Positions, sequences: 1);
            var actual = new List<float>();
            for (int first = 0; first < Positions; first += chunk)
            {
                int rows = Math.Min(chunk, Positions - first);
                actual.AddRange(rig.Step((0, first, Rows(q, first, rows, heads * dim), Rows(k, first, rows, kvHeads * dim), Rows(v, first, rows, kvHeads * dim)))[0]);
            }
            Assert.Equal(Bits(expected), Bits([.. actual]));
        }
    }

    public static TheoryData<string, DType> VariantsAndTypes()
    {
        var data = new TheoryData<string, DType>();
        foreach (var row in new KernelVariants())
            foreach (var type in Types)
                data.Add(row, type);
        return data;
    }

    [Theory, MemberData(nameof(VariantsAndTypes))]
    public void Attend_AmongOtherSequences_BitIdenticalToAlone(string variant, DType type)
    {
        const int Heads = 4, KvHeads = 2, Dim = 24, BlockTokens = 16, Positions = 700, Sequences = 5;
        using var together = new AttentionRig(variant, 2, type, Heads, KvHeads, Dim, BlockTokens, Positions, Sequences);
        using var alone = new AttentionRig(variant, 1, type, Heads, KvHeads, Dim, BlockTokens, Positions, Sequences);
        int[] lengths = [1, 37, 300, 650, 513];
        var prompts = lengths.Select((n, s) => (s, 0, Samples.Floats(s, n * Heads * Dim), Samples.Floats(s + 50, n * KvHeads * Dim), Samples.Floats(s + 90, n * KvHeads * Dim))).ToArray();
        var next = lengths.Select((n, s) => (s, n, Samples.Floats(s + 10, Heads * Dim), Samples.Floats(s + 60, KvHeads * Dim), Samples.Floats(s + 80, KvHeads * Dim))).ToArray();
        float[][] firstTogether = together.Step(prompts);
        float[][] nextTogether = together.Step(next);
        for (int s = 0; s < Sequences; s++)
        {
            Assert.Equal(Bits(firstTogether[s]), Bits(alone.Step(prompts[s])[0]));
            Assert.Equal(Bits(nextTogether[s]), Bits(alone.Step(next[s])[0]));
        }
    }

    [Theory, MemberData(nameof(VariantsAndTypes))]
    public void Attend_NotANumberInALaterRow_EarlierRowsUntouched(string variant, DType type)
    {
        const int Heads = 4, KvHeads = 1, Dim = 16, Positions = 40;
        float[] q = Samples.Floats(1, Positions * Heads * Dim);
        float[] k = Samples.Floats(2, Positions * KvHeads * Dim);
        float[] v = Samples.Floats(3, Positions * KvHeads * Dim);
        using var clean = new AttentionRig(variant, 2, type, Heads, KvHeads, Dim, 16, Positions, 1);
        float[] expected = clean.Step((0, 0, q, k, v))[0];
        k[30 * Dim] = float.NaN;
        v[30 * Dim + 1] = float.NaN;
        v[31 * Dim + 2] = float.PositiveInfinity;
        using var dirty = new AttentionRig(variant, 2, type, Heads, KvHeads, Dim, 16, Positions, 1);
        float[] actual = dirty.Step((0, 0, q, k, v))[0];
        Assert.Equal(Bits(expected.AsSpan(0, 30 * Heads * Dim)), Bits(actual.AsSpan(0, 30 * Heads * Dim)));
        if (type != DType.F16) // whose infinities and NaN are read as large numbers
            Assert.True(float.IsNaN(actual[30 * Heads * Dim]));
    }

    [Fact]
    public void AllocateKv_TypeThatCannotBeStored_NamesItAndTheSupportedOnes()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        var error = Assert.Throws<SluiceException>(() => backend.Attention.AllocateKv(0, new KvGroupSpec(1, 1, 8, 16, DType.Q6_K), 4));
        Assert.Contains("Q6_K", error.Message, StringComparison.Ordinal);
        Assert.Contains("F32, F16, Q4_0, Q8_0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BlockBytes_AnyTypeAndHeadWidth_EqualsWhatIsLeased()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        foreach (var type in Types)
        {
            foreach (int dim in new[] { 1, 40, 64, 80, 128 })
            {
                foreach (int blockTokens in new[] { 5, 16, 32 })
                {
                    var spec = new KvGroupSpec(3, 2, dim, blockTokens, type);
                    long before = device.Memory.LeasedBytes;
                    using var kv = backend.Attention.AllocateKv(0, spec, 7);
                    Assert.Equal(7 * backend.Attention.BlockBytes(spec), device.Memory.LeasedBytes - before);
                }
            }
        }
    }

    [Theory]
    [InlineData(DType.F32, 4)]
    [InlineData(DType.F16, 2)]
    [InlineData(DType.Q8_0, 34.0 / 32)]
    [InlineData(DType.Q4_0, 18.0 / 32)]
    public void BlockBytes_WidthOfWholeBlocks_TakesNoMoreThanTheFormat(DType type, double bytesPerElement)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        Assert.Equal(2 * 16 * 8 * 64 * 16 * bytesPerElement, backend.Attention.BlockBytes(new KvGroupSpec(16, 8, 64, 16, type)));
    }

    [Fact]
    public void AllocateKv_BlocksTooLongForExactSums_Refused()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        var error = Assert.Throws<SluiceException>(() => backend.Attention.AllocateKv(0, new KvGroupSpec(1, 1, 32, 513, DType.Q8_0), 1));
        Assert.Contains("at most 512", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F16)]
    [InlineData(DType.Q8_0)]
    [InlineData(DType.Q4_0)]
    public void LoadBlock_WhatSaveBlockGave_IsTheSameBlockElsewhere(DType type)
    {
        const int Dim = 40, BlockTokens = 5;
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        var spec = new KvGroupSpec(2, 1, Dim, BlockTokens, type);
        using var kv = backend.Attention.AllocateKv(0, spec, 3);
        using var k = Samples.Upload(backend, Samples.Floats(1, BlockTokens * Dim), Dim);
        using var q = Samples.Upload(backend, Samples.Floats(2, BlockTokens * Dim), Dim);
        using var y = backend.Memory.Allocate(BlockTokens, Dim);
        for (int layer = 0; layer < 2; layer++)
            backend.Attention.Append(kv, layer, k, q, In(block: 0));
        var bytes = new byte[backend.Attention.BlockBytes(spec)];
        backend.Attention.SaveBlock(kv, 0, bytes);
        backend.Attention.LoadBlock(kv, 2, bytes);
        for (int layer = 0; layer < 2; layer++)
            Assert.Equal(Attend(layer, block: 0), Attend(layer, block: 2));

        float[] Attend(int layer, int block)
        {
            backend.Attention.Attend(kv, layer, q, 1, 1, In(block), y);
            return Samples.Download(backend, y, BlockTokens);
        }

        static StepBatch In(int block)
        {
            var batch = new StepBatch(BlockTokens, 1, [1]);
            batch.AddSequence(BlockTokens, 0, out int sequence);
            batch.WritableBlockTable(0, sequence)[0] = block;
            return batch;
        }
    }

    [Fact]
    public void AllocateKv_BeyondTheBudget_RefusedAndNothingKept()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1, MemoryBytes = 1 << 20 });
        using var backend = device.CreateBackend();
        Assert.Throws<MemoryExceededException>(() => backend.Attention.AllocateKv(0, new KvGroupSpec(2, 4, 64, 16, DType.F32), 1000));
        Assert.Equal(0, device.Memory.LeasedBytes);
    }

    [Fact]
    public void Append_BlockOutsideTheStore_Refused()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using var backend = device.CreateBackend();
        using var kv = backend.Attention.AllocateKv(0, new KvGroupSpec(1, 1, 8, 4, DType.F32), 2);
        var batch = new StepBatch(1, 1, [4]);
        batch.AddSequence(1, 0, out int sequence);
        batch.WritableBlockTable(0, sequence)[0] = 2;
        using var k = Samples.Upload(backend, new float[8], 8);
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.Attention.Append(kv, 0, k, k, batch));
    }

    private static float[] Rows(float[] values, int first, int count, int width) => values.AsSpan(first * width, count * width).ToArray();

    private static int[] Bits(ReadOnlySpan<float> values) => [.. values.ToArray().Select(BitConverter.SingleToInt32Bits)];
}
