namespace Sluice.Cpu.Threads;

/// <summary>
/// Work over a range of items that the pool splits among its threads. A job object is made once and reused: its caller fills its fields, runs
/// it and owns it again when <see cref="WorkerPool.Run"/> returns.
/// </summary>
internal abstract class Job
{
    /// <summary>Does items [start, end). Called from several threads at once, each with its own <paramref name="worker"/> number.</summary>
    /// <param name="worker">0 is the thread that called <see cref="WorkerPool.Run"/>; names the thread's scratch memory.</param>
    public abstract void Run(int worker, int start, int end);
}
