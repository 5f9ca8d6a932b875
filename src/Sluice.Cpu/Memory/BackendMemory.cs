using Sluice.Core.Memory;

namespace Sluice.Cpu.Memory;

/// <summary>
/// Where one backend's buffers come from. It knows those not disposed yet and frees them at its own end, so that a model that fails to open
/// halfway leaks nothing.
/// </summary>
internal sealed class BackendMemory(MemoryBudget budget) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<LeasedBuffer> _live = [];

    /// <exception cref="Core.Errors.SluiceException">The budget does not have that many bytes left.</exception>
    public LeasedBuffer Take(long bytes, string purpose)
    {
        var buffer = new LeasedBuffer(this, bytes, budget.Lease(bytes, purpose));
        lock (_gate) _live.Add(buffer);
        return buffer;
    }

    public void Forget(LeasedBuffer buffer)
    {
        lock (_gate) _live.Remove(buffer);
    }

    public void Dispose()
    {
        LeasedBuffer[] left;
        lock (_gate) left = [.. _live];
        foreach (var buffer in left)
            buffer.Dispose();
    }
}
