using BenchmarkDotNet.Attributes;
using Sluice.Cpu.Threads;

namespace Sluice.Bench.Micro;

/// <summary>What it costs to hand work to the threads: a job of two items that do nothing. A decoded token takes over a hundred of these.</summary>
public class DispatchBench
{
    private readonly NothingJob _job = new();
    private WorkerPool _pool = null!;

    [GlobalSetup]
    public void Setup() => _pool = new WorkerPool(2);

    [GlobalCleanup]
    public void Cleanup() => _pool.Dispose();

    [Benchmark(Baseline = true)]
    public void ParallelFor() => Parallel.For(0, 2, _ => { });

    [Benchmark]
    public void Pool() => _pool.Run(_job, 2, 1);

    private sealed class NothingJob : Job
    {
        public override void Run(int worker, int start, int end) { }
    }
}
