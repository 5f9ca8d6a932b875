using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Threads;

/// <summary>
/// The threads that compute: the caller and <see cref="Threads"/> - 1 workers. A worker spins for a short while after each job, because a
/// decode step dispatches over a hundred, then parks, so that an idle process costs nothing.
/// </summary>
/// <remarks>
/// Items are claimed in chunks from one ticket (job number in the high half, items left in the low half), so a thread that the
/// operating system took off its core delays only the chunk it holds: whoever runs does the rest, and nobody waits for a worker that has
/// not begun.
/// A worker that is late finds nothing left, whatever the fields of the next job already say, or another job number.
/// </remarks>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>How long a worker looks for the next job before it parks: longer than the gaps inside a step, shorter than anybody notices.</summary>
    private const double SpinMicroseconds = 100;

    private static readonly long SpinTicks = (long)(SpinMicroseconds * Stopwatch.Frequency / 1e6);

    private readonly Worker[] _workers;
    private readonly Lock _gate = new();
    private Shared _shared;
    private Job? _job;
    private int _items;
    private int _chunk;
    private Exception? _fault;
    private bool _stopping;

    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = threads;
        _workers = new Worker[threads - 1];
        for (int i = 0; i < _workers.Length; i++)
            _workers[i] = new Worker(this, i + 1);
    }

    /// <summary>Threads that work on a job, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>
    /// Runs all items of a job, at most <paramref name="chunk"/> at a time and fewer towards the end, so that all threads end together;
    /// returns when they are done. Allocates nothing.
    /// </summary>
    /// <param name="chunk">As many as there are items runs them all on the caller's thread.</param>
    /// <exception cref="Exception">The first exception that an item threw, on the caller's thread.</exception>
    public void Run(Job job, int items, int chunk)
    {
        if (items <= 0)
            return;
        if (_workers.Length == 0 || items <= chunk)
        {
            job.Run(0, 0, items);
            return;
        }
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            Publish(job, items, chunk);
            Work(0, Volatile.Read(ref _shared.Ticket) >> 32);
            AwaitFinish(items);
            _job = null;
            if (_fault is { } fault)
            {
                _fault = null;
                ExceptionDispatchInfo.Throw(fault);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
                return;
            Volatile.Write(ref _stopping, true);
            NextTicket(0);
            foreach (var worker in _workers)
                worker.Wake();
        }
        foreach (var worker in _workers)
            worker.Dispose();
    }

    private void Publish(Job job, int items, int chunk)
    {
        _job = job;
        _items = items;
        _chunk = Math.Max(1, chunk);
        _shared.Finished = 0;
        NextTicket(items);
        int useful = Math.Min(_workers.Length, (items - 1) / _chunk);
        for (int i = 0; i < useful; i++)
            _workers[i].Wake();
    }

    /// <summary>Opens the next job number with all its items left; a full fence, after which workers see the fields of the job.</summary>
    private void NextTicket(int items) => Interlocked.Exchange(ref _shared.Ticket, (((_shared.Ticket >> 32) + 1) << 32) | (uint)items);

    /// <summary>Claims and runs chunks of job <paramref name="number"/> until none is left.</summary>
    private void Work(int worker, long number)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _shared.Ticket);
            int left = (int)ticket;
            if (ticket >> 32 != number || left == 0)
                return;
            int start = _items - left;
            int end = start + Math.Min(_chunk, Claim(left));
            // Success proves that the fields read above are this job's: they change only when all its items are finished, and some were left.
            if (Interlocked.CompareExchange(ref _shared.Ticket, ticket - (end - start), ticket) != ticket)
                continue;
            try
            {
                _job!.Run(worker, start, end);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _fault, e, null);
            }
            Interlocked.Add(ref _shared.Finished, end - start);
        }
    }

    /// <summary>
    /// Nine tenths of a thread's share of what is left: few claims, as each begins away from what was fetched ahead (1 to 2 per cent of
    /// decoding beside halves of a share), and the threads still end together.
    /// </summary>
    private int Claim(int left) => Math.Max(1, (int)(left * 9L / (10 * Threads)));

    private void AwaitFinish(int items)
    {
        for (int spins = 0; Volatile.Read(ref _shared.Finished) != items; spins++)
        {
            if (spins < 1000)
                Pause();
            else
                Thread.Yield(); // the worker that holds the last chunk may be waiting for this very core
        }
    }

    private static void Pause()
    {
        if (X86Base.IsSupported)
            X86Base.Pause();
        else
            Thread.SpinWait(1);
    }

    /// <summary>What the threads write to while they work, a cache line each.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Shared
    {
        [FieldOffset(64)]
        public long Ticket;

        [FieldOffset(128)]
        public int Finished;
    }

    private sealed class Worker : IDisposable
    {
        private readonly WorkerPool _pool;
        private readonly int _number;
        private readonly SemaphoreSlim _permits = new(0);
        private readonly Thread _thread;
        private int _parked;

        public Worker(WorkerPool pool, int number)
        {
            _pool = pool;
            _number = number;
            _thread = new Thread(Loop) { IsBackground = true, Name = $"sluice-cpu-{number}" };
            _thread.Start();
        }

        public void Wake()
        {
            if (Volatile.Read(ref _parked) == 1 && Interlocked.Exchange(ref _parked, 0) == 1)
                _permits.Release();
        }

        /// <summary>Waits for the thread, which the pool has told to stop.</summary>
        public void Dispose()
        {
            _thread.Join();
            _permits.Dispose();
        }

        private void Loop()
        {
            long seen = 0;
            while (!Volatile.Read(ref _pool._stopping))
            {
                long number = Volatile.Read(ref _pool._shared.Ticket) >> 32;
                if (number == seen && !Spin(seen))
                {
                    Park(seen);
                    continue;
                }
                seen = Volatile.Read(ref _pool._shared.Ticket) >> 32;
                _pool.Work(_number, seen);
            }
        }

        /// <summary>Looks for another job number for a while.</summary>
        private bool Spin(long seen)
        {
            long deadline = Stopwatch.GetTimestamp() + SpinTicks;
            do
            {
                for (int i = 0; i < 32; i++)
                {
                    if (Volatile.Read(ref _pool._shared.Ticket) >> 32 != seen)
                        return true;
                    Pause();
                }
            }
            while (Stopwatch.GetTimestamp() < deadline);
            return false;
        }

        private void Park(long seen)
        {
            Interlocked.Exchange(ref _parked, 1);
            // A job published before the flag was up has woken nobody: look once more. If the waker took the flag down meanwhile, its permit
            // is on the way and must be consumed.
            if (Volatile.Read(ref _pool._shared.Ticket) >> 32 != seen && Interlocked.Exchange(ref _parked, 0) == 1)
                return;
            _permits.Wait();
        }
    }
}
