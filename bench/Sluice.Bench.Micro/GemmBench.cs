using BenchmarkDotNet.Attributes;
using Sluice.Core;

namespace Sluice.Bench.Micro;

/// <summary>Several activation rows times a 512 x 2048 weight, on one thread: what batches (4, 16) and prompts (128) compute.</summary>
public class GemmBench
{
    private KernelBench _scalar = null!;
    private KernelBench _fastest = null!;

    [Params(DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0, DType.Q4_K, DType.Q5_K, DType.Q6_K)]
    public DType Type { get; set; }

    [Params(4, 16, 128)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _scalar = new KernelBench("scalar", Type, 512, 2048, Rows);
        _fastest = new KernelBench("", Type, 512, 2048, Rows);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _scalar.Dispose();
        _fastest.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Scalar() => _scalar.Project();

    [Benchmark]
    public void Fastest() => _fastest.Project();
}
