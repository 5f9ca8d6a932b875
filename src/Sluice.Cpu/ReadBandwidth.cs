using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sluice.Core.Memory;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu;

/// <summary>How fast this device streams memory: the limit that decoding is measured against.</summary>
public static unsafe class ReadBandwidth
{
    /// <summary>Sums <paramref name="bytes"/> bytes on all the device's threads, and gives the best of several goes in GB (10^9 bytes) per second.</summary>
    /// <param name="bytes">Far beyond the caches, or it is they that are measured.</param>
    public static double Measure(CpuDevice device, long bytes = 256L << 20, int repetitions = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, SumJob.ItemBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repetitions);
        using var lease = device.Memory.Lease(bytes, "measuring the read bandwidth");
        using var buffer = new NativeBuffer(bytes);
        MemoryAdvice.UseLargePages(buffer.Address, bytes);
        NativeMemory.Clear(buffer.Address, (nuint)bytes); // touched: untouched pages all map to the same zeros
        var job = new SumJob(buffer);
        int items = (int)(bytes / SumJob.ItemBytes);
        double best = double.PositiveInfinity;
        for (int i = 0; i < repetitions; i++)
        {
            using var turn = device.EnterStep();
            long start = Stopwatch.GetTimestamp();
            device.Pool.Run(job, items, 1);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return (double)items * SumJob.ItemBytes / best / 1e9;
    }

    private sealed class SumJob(NativeBuffer buffer) : Job
    {
        public const long ItemBytes = 1 << 20;

        private long _sum;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(int worker, int start, int end)
        {
            // One load per cache line moves as much memory as reading all of it.
            long a = 0, b = 0, c = 0, d = 0;
            byte* last = buffer.Address + end * ItemBytes;
            for (byte* p = buffer.Address + start * ItemBytes; p < last; p += 256)
            {
                a += *(long*)p;
                b += *(long*)(p + 64);
                c += *(long*)(p + 128);
                d += *(long*)(p + 192);
            }
            Interlocked.Add(ref _sum, a + b + c + d); // used, so that no compiler drops the loop
        }
    }
}
