using System.Diagnostics;
using Sluice.Core;
using Sluice.Cpu.Emit;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu;

/// <summary>How fast this device computes when nothing has to be fetched: the limit that prefill is measured against.</summary>
/// <param name="Instruction">The multiplying instruction that was measured, with the registers it worked on.</param>
/// <param name="Gops">10^9 multiplications and additions per second, on all threads.</param>
public sealed record ArithmeticPeak(string Instruction, double Gops)
{
    /// <summary>
    /// Runs the instruction with which this device multiplies weights of <paramref name="type"/>, and gives the best of several goes.
    /// </summary>
    /// <returns>Null where the kernels of the type multiply one value at a time, or code cannot be emitted here.</returns>
    public static unsafe ArithmeticPeak? Measure(CpuDevice device, DType type, int repetitions = 7)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repetitions);
        if (device.Kernels.VariantFor(type) is not { } variant || PeakLoop.For(type, variant) is not { } loop || !Emitter.IsAvailable)
            return null;
        const int Rounds = 1 << 18;
        var job = new LoopJob(loop.Emit(), Rounds);
        int items = device.Threads * 8; // some to spare, so that a thread that was held up does not leave the others waiting
        double best = double.PositiveInfinity;
        for (int i = 0; i < repetitions; i++)
        {
            using var turn = device.EnterStep();
            long start = Stopwatch.GetTimestamp();
            device.Pool.Run(job, items, 1);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return new ArithmeticPeak(loop.Name, (double)items * Rounds * loop.OperationsPerRound / best / 1e9);
    }

    private sealed unsafe class LoopJob(delegate* unmanaged<long, void> loop, long rounds) : Job
    {
        private readonly delegate* unmanaged<long, void> _loop = loop;

        public override void Run(int worker, int start, int end)
        {
            for (int i = start; i < end; i++)
                _loop(rounds);
        }
    }
}
