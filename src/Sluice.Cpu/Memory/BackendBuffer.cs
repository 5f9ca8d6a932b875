using Sluice.Core.Memory;

namespace Sluice.Cpu.Memory;

/// <summary>Native memory of a backend, together with its lease from the device's budget.</summary>
/// <param name="lease">Null where another lease covers the memory.</param>
internal sealed unsafe class BackendBuffer(BackendMemory owner, long bytes, MemoryLease? lease) : IDisposable
{
    private readonly NativeBuffer _buffer = new(bytes);

    public long Bytes => _buffer.Bytes;

    public byte* Address => _buffer.Address;

    public void Dispose()
    {
        owner.Forget(this);
        _buffer.Dispose();
        lease?.Dispose();
    }
}
