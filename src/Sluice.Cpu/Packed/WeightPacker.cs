using Sluice.Cpu.Linear;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Packed;

/// <summary>
/// Packs weights while whoever loaded them goes on, one after the other, in the order they were loaded, with the threads of the device, and lets
/// go of the stored pages. To load a model would otherwise mean to wait for as many bytes of fresh memory as it has, which the system clears first:
/// more than a second for 0.7 GB, where mapping the file takes 0.2 s.
/// </summary>
internal sealed unsafe class WeightPacker(CpuDevice device, BackendMemory memory) : IDisposable
{
    /// <summary>What a model may take of the machine's memory in packed form; a file's pages may be more than there is.</summary>
    private static readonly long MostBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4;

    /// <summary>As much as a stretch of memory is asked for at once, but for a weight that takes more.</summary>
    private const long MostStretchBytes = 1L << 30;

    private readonly PackingJob _job = new(device.Pool);
    private readonly Lock _packing = new(); // held while a weight is packed
    private readonly Lock _gate = new();
    private readonly LinkedList<CpuWeight> _waiting = [];
    private Thread? _thread;
    private long _packedBytes;
    private WeightStretch? _stretch; // what is packed next goes there, if it has room

    public void Add(CpuWeight weight)
    {
        lock (_gate)
        {
            _waiting.AddLast(weight);
            if (_thread is not null)
                return;
            _thread = new Thread(PackAll) { Name = "sluice-pack", IsBackground = true };
            _thread.Start();
        }
    }

    /// <summary>Waits until all that was added is packed.</summary>
    public void Finish()
    {
        Thread? thread;
        lock (_gate) thread = _thread;
        thread?.Join();
    }

    /// <summary>Takes a weight out, or waits until it is packed: from then on its stored rows are not read.</summary>
    public void Forget(CpuWeight weight)
    {
        lock (_gate) _waiting.Remove(weight);
        lock (_packing)
        {
        }
    }

    public void Dispose()
    {
        lock (_gate) _waiting.Clear();
        Finish();
    }

    private void PackAll()
    {
        while (TryPackNext())
        {
        }
    }

    private bool TryPackNext()
    {
        lock (_packing)
        {
            CpuWeight weight;
            lock (_gate)
            {
                if (_waiting.First is not { } first)
                {
                    LeaveStretch();
                    _thread = null;
                    return false;
                }
                weight = first.Value;
                _waiting.RemoveFirst();
            }
            long bytes = PackedBytes(weight);
            try
            {
                if (_packedBytes + bytes <= MostBytes)
                    weight.HandOver(Pack(weight, bytes)); // else it is computed as it is stored
            }
            catch (OutOfMemoryException)
            {
                // As are all those that wait, where the system gives no more memory.
                lock (_gate) _waiting.Clear();
            }
            return true;
        }
    }

    private MatrixKernel KernelOf(CpuWeight weight) => device.Kernels.For(weight.Type);

    private long PackedBytes(CpuWeight weight) => KernelOf(weight).Layout!.BytesFor(weight.Rows, weight.Cols);

    private PackedWeight Pack(CpuWeight weight, long bytes)
    {
        if (_stretch?.HasRoom(bytes) != true)
        {
            LeaveStretch();
            long wanted = Math.Min(WeightStretch.Rounded(bytes) + WaitingBytes(), MostStretchBytes);
            _stretch = new WeightStretch(memory.TakeForWeights(Math.Max(bytes, wanted)));
        }
        var kernel = KernelOf(weight);
        var packed = _job.Run(kernel.Layout!, new StoredMatrix(weight.View), _stretch.Take(bytes));
        weight.View.DropPages();
        _packedBytes += bytes;
        return new PackedWeight(kernel, packed, _stretch);
    }

    private long WaitingBytes()
    {
        lock (_gate) return _waiting.Sum(weight => WeightStretch.Rounded(PackedBytes(weight)));
    }

    private void LeaveStretch()
    {
        _stretch?.Release();
        _stretch = null;
    }
}
