using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sluice.Core.Memory;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu;

/// <summary>How fast this device streams memory: the limit that decoding is measured against.</summary>
public sealed unsafe class ReadBandwidth : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly MemoryLease _lease;
    private readonly NativeBuffer _buffer;
    private readonly SumJob _job;

    /// <param name="bytes">How many one measurement reads. Far beyond the caches, or it is they that are measured.</param>
    public ReadBandwidth(CpuDevice device, long bytes = 128L << 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, SumJob.ItemBytes);
        _pool = device.Pool;
        _lease = device.Memory.Lease(bytes, "measuring the read bandwidth");
        _buffer = new NativeBuffer(bytes);
        MemoryAdvice.UseLargePages(_buffer.Address, bytes);
        NativeMemory.Clear(_buffer.Address, (nuint)bytes); // touched: untouched pages all map to the same zeros
        _job = new SumJob(_buffer);
    }

    /// <summary>Sums all of its bytes once on all the device's threads, in the caller's turn on the device.</summary>
    /// <returns>GB (10^9 bytes) per second.</returns>
    public double Measure()
    {
        int items = (int)(_buffer.Bytes / SumJob.ItemBytes);
        long start = Stopwatch.GetTimestamp();
        _pool.Run(_job, items, items - 1); // not all to one thread, else as the pool cuts them: long stretches for each
        return items * SumJob.ItemBytes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _lease.Dispose();
    }

    private sealed class SumJob(NativeBuffer buffer) : Job
    {
        public const long ItemBytes = 1 << 20;

        private long _sum;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(int worker, int start, int end)
        {
            // Whole vectors: one word of each cache line moves as much memory, but at two thirds to three quarters of this rate (two Zen 4 cores).
            Vector512<long> a = default, b = default, c = default, d = default;
            byte* last = buffer.Address + end * ItemBytes;
            for (byte* p = buffer.Address + start * ItemBytes; p < last; p += 256)
            {
                a += Vector512.LoadAligned((long*)p);
                b += Vector512.LoadAligned((long*)(p + 64));
                c += Vector512.LoadAligned((long*)(p + 128));
                d += Vector512.LoadAligned((long*)(p + 192));
            }
            Interlocked.Add(ref _sum, Vector512.Sum(a + b + c + d)); // used, so that no compiler drops the loop
        }
    }
}
