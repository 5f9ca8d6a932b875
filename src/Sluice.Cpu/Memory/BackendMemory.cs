using Sluice.Core.Memory;

namespace Sluice.Cpu.Memory;

/// <summary>
/// Where one backend's buffers come from. It knows those not disposed yet and frees them at its own end, so that a model that fails to open
/// halfway leaks nothing.
/// </summary>
internal sealed class BackendMemory(MemoryBudget budget) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<BackendBuffer> _live = [];

    /// <exception cref="Core.Errors.SluiceException">The budget does not have that many bytes left.</exception>
    public BackendBuffer Take(long bytes, string purpose)
    {
        return Remember(new BackendBuffer(this, bytes, budget.Lease(bytes, purpose)));
    }

    /// <summary>Memory for weights, which whoever opened the model has leased.</summary>
    public BackendBuffer TakeForWeights(long bytes) => Remember(new BackendBuffer(this, bytes, lease: null));

    public void Forget(BackendBuffer buffer)
    {
        lock (_gate) _live.Remove(buffer);
    }

    private BackendBuffer Remember(BackendBuffer buffer)
    {
        lock (_gate) _live.Add(buffer);
        return buffer;
    }

    public void Dispose()
    {
        BackendBuffer[] left;
        lock (_gate) left = [.. _live];
        foreach (var buffer in left)
            buffer.Dispose();
    }
}
