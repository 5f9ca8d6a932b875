using Sluice.Cpu.Memory;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu.Linear;

/// <summary>Any number of products as one parallel region: items are stretches of weight rows, counted through all tasks.</summary>
internal sealed unsafe class MatrixJob(WorkerPool pool, Scratch scratch) : Job
{
    /// <summary>Weight rows of an item; a multiple of every kernel's row group.</summary>
    private const int ItemRows = 32;

    /// <summary>Below this many multiply-adds a job is done before another thread would have heard of it.</summary>
    private const long WorthSharing = 1 << 15;

    private MatrixTask[] _tasks = new MatrixTask[8];
    private int _count;
    private int _items;
    private long _work;
    private long _scratchPitch;
    private byte* _scratch;

    /// <summary>Starts an empty job.</summary>
    public void Clear()
    {
        _count = 0;
        _items = 0;
        _work = 0;
        _scratchPitch = 0;
    }

    public void Add(MatrixTask task)
    {
        if (task.Operand.Rows == 0 || task.Weight.Rows == 0)
            return;
        if (_count == _tasks.Length)
            Array.Resize(ref _tasks, 2 * _count);
        task.FirstItem = _items;
        _tasks[_count++] = task;
        _items += (task.Weight.Rows + ItemRows - 1) / ItemRows;
        _work += (long)task.Weight.Rows * task.Weight.Cols * task.Operand.Rows;
        long scratchBytes = (task.Kernel.ScratchBytes(task.Operand.Rows, task.Operand.Cols) + 63) & ~63L;
        _scratchPitch = Math.Max(_scratchPitch, scratchBytes + (task.Adds ? SumBytes(task.Operand.Rows) : 0));
    }

    /// <summary>Runs what was added, each thread beginning with about its whole share.</summary>
    public void Run()
    {
        _scratch = scratch.Take(_scratchPitch * pool.Threads);
        pool.Run(this, _items, _work < WorthSharing ? _items : Math.Max(1, _items / pool.Threads));
    }

    public override void Run(int worker, int start, int end)
    {
        byte* mine = _scratch + worker * _scratchPitch;
        int index = 0;
        while (index + 1 < _count && _tasks[index + 1].FirstItem <= start)
            index++;
        for (int item = start; item < end; index++)
        {
            ref var task = ref _tasks[index];
            int endItem = index + 1 < _count ? Math.Min(end, _tasks[index + 1].FirstItem) : end;
            int firstRow = (item - task.FirstItem) * ItemRows;
            int endRow = Math.Min((endItem - task.FirstItem) * ItemRows, task.Weight.Rows);
            if (task.Adds)
                AddProduct(task, firstRow, endRow, mine);
            else
                task.Kernel.Multiply(task.Weight, task.Operand, firstRow, endRow, task.Y, task.YStride, mine);
            if (task.Bias is not null)
                AddBias(task, firstRow, endRow);
            item = endItem;
        }
    }

    private static long SumBytes(int rows) => (long)rows * ItemRows * sizeof(float);

    /// <summary>Item by item, so that the products waiting to be added stay in the nearest cache.</summary>
    private static void AddProduct(in MatrixTask task, int start, int end, byte* scratch)
    {
        int rows = task.Operand.Rows;
        float* sums = (float*)scratch;
        for (int first = start; first < end; first += ItemRows)
        {
            int count = Math.Min(ItemRows, end - first);
            // The kernel counts outputs from weight row 0.
            task.Kernel.Multiply(task.Weight, task.Operand, first, first + count, sums - first, ItemRows, scratch + SumBytes(rows));
            for (int r = 0; r < rows; r++)
            {
                float* y = task.Y + r * task.YStride + first;
                for (int n = 0; n < count; n++)
                    y[n] += task.Scale * sums[r * ItemRows + n];
            }
        }
    }

    private static void AddBias(in MatrixTask task, int start, int end)
    {
        for (int r = 0; r < task.Operand.Rows; r++)
        {
            float* y = task.Y + r * task.YStride;
            for (int n = start; n < end; n++)
                y[n] += task.Bias[n];
        }
    }
}
