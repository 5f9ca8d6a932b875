using Sluice.Cpu.Threads;

namespace Sluice.Tests.Cpu.Threads;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1, 10, 3)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 1000, 1)]
    [InlineData(3, 1000, 7)]
    [InlineData(7, 5, 1)]
    [InlineData(4, 64, 100)]
    public void Run_AnyShape_EachItemOnce(int threads, int items, int chunk)
    {
        using var pool = new WorkerPool(threads);
        var job = new CountingJob(items);
        for (int round = 1; round <= 200; round++)
        {
            pool.Run(job, items, chunk);
            Assert.All(job.Counts, count => Assert.Equal(round, count));
        }
        Assert.InRange(job.MostWorkers, 0, threads - 1);
    }

    [Fact]
    public void Run_NoItems_ReturnsAtOnce()
    {
        using var pool = new WorkerPool(2);
        pool.Run(new ThrowingJob(0), 0, 1);
    }

    [Fact]
    public void Run_AfterWorkersParked_WakesThem()
    {
        using var pool = new WorkerPool(2);
        using var barrier = new Barrier(2);
        var job = new MeetingJob(barrier);
        for (int round = 0; round < 5; round++)
        {
            Thread.Sleep(20); // far beyond the time a worker spins
            pool.Run(job, 2, 1); // each item waits for the other: one thread alone could not finish
        }
        Assert.Equal(5, barrier.CurrentPhaseNumber);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_ItemThrows_CallerGetsItAndThePoolGoesOn(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int bad = 0; bad < 20; bad++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => pool.Run(new ThrowingJob(bad), 20, 1));
            Assert.Equal($"item {bad}", error.Message);
        }
        var job = new CountingJob(20);
        pool.Run(job, 20, 1);
        Assert.All(job.Counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Run_FromSeveralThreads_OneJobAfterTheOther()
    {
        using var pool = new WorkerPool(3);
        var jobs = Enumerable.Range(0, 4).Select(_ => new CountingJob(50)).ToArray();
        var callers = jobs.Select(job => new Thread(() =>
        {
            for (int i = 0; i < 100; i++)
                pool.Run(job, 50, 2);
        })).ToArray();
        foreach (var caller in callers)
            caller.Start();
        foreach (var caller in callers)
            caller.Join();
        Assert.All(jobs, job => Assert.All(job.Counts, count => Assert.Equal(100, count)));
    }

    /// <summary>A worker that is late for a small job must not take items of the larger one which is being made ready.</summary>
    [Fact]
    public async Task Run_JobsGrowAndShrinkOnTooFewCores_EachItemOnce()
    {
        const int Rounds = 20_000;
        var callers = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var pool = new WorkerPool(3);
                var (small, large) = (new CountingJob(3), new CountingJob(64));
                for (int round = 1; round <= Rounds; round++)
                {
                    pool.Run(small, 3, 1);
                    pool.Run(large, 64, 1);
                }
                Assert.All([.. small.Counts, .. large.Counts], count => Assert.Equal(Rounds, count));
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        // A pool that counts more items than its job has waits for ever.
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Run_Warm_AllocatesNothing()
    {
        using var pool = new WorkerPool(2);
        var job = new CountingJob(64);
        for (int i = 0; i < 200; i++)
            pool.Run(job, 64, 8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++)
            pool.Run(job, 64, 8);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Dispose_AtAnyMoment_EndsTheThreads()
    {
        for (int i = 0; i < 50; i++)
        {
            var pool = new WorkerPool(3);
            if (i % 2 == 0)
                pool.Run(new CountingJob(10), 10, 1);
            pool.Dispose(); // returns only when the threads have
            Assert.Throws<ObjectDisposedException>(() => pool.Run(new CountingJob(10), 10, 1));
            pool.Dispose();
        }
    }

    private sealed class CountingJob(int items) : Job
    {
        private int _mostWorkers;

        public int[] Counts { get; } = new int[items];

        public int MostWorkers => _mostWorkers;

        public override void Run(int worker, int start, int end)
        {
            for (int i = start; i < end; i++)
                Interlocked.Increment(ref Counts[i]);
            int seen = Volatile.Read(ref _mostWorkers);
            while (worker > seen)
                seen = Interlocked.CompareExchange(ref _mostWorkers, worker, seen) is var other && other == seen ? worker : other;
        }
    }

    private sealed class ThrowingJob(int bad) : Job
    {
        public override void Run(int worker, int start, int end)
        {
            if (start <= bad && bad < end)
                throw new InvalidOperationException($"item {bad}");
        }
    }

    private sealed class MeetingJob(Barrier barrier) : Job
    {
        public override void Run(int worker, int start, int end) => Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(30)));
    }
}
