using Sluice.Cpu.Dispatch;
using Sluice.Cpu.Memory;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu.Experts;

/// <summary>Moves rows to the slots of their experts, and sums the experts' results back into rows.</summary>
internal sealed unsafe class SlotsJob(WorkerPool pool, LaneKernels kernels, ExpertRoutes routes) : Job
{
    /// <summary>Below this many elements the caller is done before another thread would have heard of it.</summary>
    private const long WorthSharing = 1 << 15;

    private CpuTensor _rows = null!;
    private float* _slots;
    private long _stride;
    private int _used;
    private bool _gathering;

    /// <summary>Slot s = the row it belongs to.</summary>
    public void Gather(CpuTensor rows, float* slots, long stride)
    {
        (_rows, _stride, _gathering) = (rows, stride, true);
        _slots = slots;
        Run(routes.Slots);
    }

    /// <summary>Row r = Σ weight · slot over its experts, in the order of their rank.</summary>
    public void Combine(float* slots, long stride, CpuTensor rows, int count, int used)
    {
        (_rows, _stride, _used, _gathering) = (rows, stride, used, false);
        _slots = slots;
        Run(count);
    }

    public override void Run(int worker, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            if (_gathering)
            {
                _rows.Span(routes.RowOf(i)).CopyTo(new Span<float>(_slots + i * _stride, _rows.Cols));
                continue;
            }
            _rows.Span(i).Clear();
            for (int rank = 0; rank < _used; rank++)
                kernels.AddScaled(_rows.Row(i), _slots + routes.SlotOf(i, rank) * _stride, routes.Weight(i, rank), _rows.Cols);
        }
    }

    private void Run(int items) =>
        pool.Run(this, items, (long)items * _rows.Cols < WorthSharing ? items : Math.Max(1, items / (pool.Threads * 4)));
}
