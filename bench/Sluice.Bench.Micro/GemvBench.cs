using BenchmarkDotNet.Attributes;
using Sluice.Core;

namespace Sluice.Bench.Micro;

/// <summary>One activation row times a 512 x 2048 weight that fits the second-level cache, on one thread: what decoding computes, without its memory.</summary>
public class GemvBench
{
    private KernelBench _scalar = null!;
    private KernelBench _fastest = null!;

    [Params(DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0, DType.Q4_K, DType.Q5_K, DType.Q6_K)]
    public DType Type { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _scalar = new KernelBench("scalar", Type, 512, 2048, 1);
        _fastest = new KernelBench("", Type, 512, 2048, 1);
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
