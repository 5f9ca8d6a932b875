using Sluice.Core.Errors;

namespace Sluice.Core.Memory;

/// <summary>
/// The one account from which everything that lives long leases its bytes (weights, KV blocks, activations). A lease that
/// does not fit is refused with a message that says how much was asked, how much is left and what to change; nothing is over-committed.
/// </summary>
public sealed class MemoryBudget
{
    private readonly Lock _gate = new();
    private long _leasedBytes;

    public MemoryBudget(long capacityBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityBytes);
        CapacityBytes = capacityBytes;
    }

    public long CapacityBytes { get; }

    public long LeasedBytes
    {
        get { lock (_gate) return _leasedBytes; }
    }

    public long FreeBytes => CapacityBytes - LeasedBytes;

    /// <summary>Leases <paramref name="bytes"/> for <paramref name="purpose"/>; dispose the lease to give them back.</summary>
    /// <exception cref="MemoryExceededException">The budget does not have that many bytes left.</exception>
    public MemoryLease Lease(long bytes, string purpose)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_gate)
        {
            long free = CapacityBytes - _leasedBytes;
            if (bytes > free)
                throw new MemoryExceededException(
                    $"not enough memory for {purpose}: {bytes / 1048576.0:F1} MiB asked, {free / 1048576.0:F1} MiB left of a budget of " +
                    $"{CapacityBytes / 1048576.0:F1} MiB; use a shorter context, fewer sequences or a smaller model");
            _leasedBytes += bytes;
        }
        return new MemoryLease(this, bytes);
    }

    internal void Return(long bytes)
    {
        lock (_gate) _leasedBytes -= bytes;
    }
}
