using Sluice.Cpu.Threads;

namespace Sluice.Cpu.Elementwise;

/// <summary>A row kernel over many rows.</summary>
internal sealed unsafe class RowsJob(WorkerPool pool) : Job
{
    /// <summary>Below this many elements the caller is done before another thread would have heard of it.</summary>
    private const long WorthSharing = 1 << 15;

    private delegate*<in RowArguments, int, int, void> _kernel;
    private RowArguments _arguments;

    public void Run(delegate*<in RowArguments, int, int, void> kernel, in RowArguments arguments, int rows)
    {
        _kernel = kernel;
        _arguments = arguments;
        pool.Run(this, rows, (long)rows * arguments.Cols < WorthSharing ? rows : Math.Max(1, rows / (pool.Threads * 4)));
    }

    public override void Run(int worker, int start, int end) => _kernel(_arguments, start, end);
}
