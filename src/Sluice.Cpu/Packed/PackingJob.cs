using Sluice.Cpu.Linear;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu.Packed;

/// <summary>Packs a matrix in several regions, so that a product which comes between two of them waits for milliseconds.</summary>
internal sealed unsafe class PackingJob(WorkerPool pool) : Job
{
    private const int PanelsAtOnce = 64;

    private PackedLayout _layout = null!;
    private StoredMatrix _stored;
    private StoredMatrix _packed;
    private int _first;

    /// <param name="target">Room for the packed matrix.</param>
    public StoredMatrix Run(PackedLayout layout, in StoredMatrix stored, byte* target)
    {
        (_layout, _stored) = (layout, stored);
        _packed = new StoredMatrix(target, (long)stored.Cols / layout.BlockElements * layout.BlockBytes, stored.Rows, stored.Cols);
        int panels = (stored.Rows + PackedLayout.Rows - 1) / PackedLayout.Rows;
        for (_first = 0; _first < panels; _first += PanelsAtOnce)
            pool.Run(this, Math.Min(PanelsAtOnce, panels - _first), chunk: PanelsAtOnce / 16);
        return _packed;
    }

    public override void Run(int worker, int start, int end)
    {
        for (int panel = _first + start; panel < _first + end; panel++)
            _layout.Pack(_stored, panel * PackedLayout.Rows, _packed.Row(panel * PackedLayout.Rows));
    }
}
