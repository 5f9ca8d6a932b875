namespace Sluice.Core.Memory;

/// <summary>Bytes held from a <see cref="MemoryBudget"/> until disposed.</summary>
public sealed class MemoryLease : IDisposable
{
    private MemoryBudget? _budget;

    internal MemoryLease(MemoryBudget budget, long bytes)
    {
        _budget = budget;
        Bytes = bytes;
    }

    public long Bytes { get; }

    public void Dispose() => Interlocked.Exchange(ref _budget, null)?.Return(Bytes);
}
