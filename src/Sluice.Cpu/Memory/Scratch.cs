namespace Sluice.Cpu.Memory;

/// <summary>Working memory that an operation keeps between calls. It grows by doubling, so that a warm loop allocates nothing; contents do not survive growth.</summary>
internal sealed unsafe class Scratch(BackendMemory memory, string purpose) : IDisposable
{
    private BackendBuffer? _buffer;

    /// <summary>At least <paramref name="bytes"/> bytes; whatever was asked for before is gone.</summary>
    public byte* Take(long bytes)
    {
        if (_buffer is null || _buffer.Bytes < bytes)
            Grow(bytes);
        return _buffer!.Address;
    }

    public void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
    }

    private void Grow(long bytes)
    {
        long size = Math.Max(bytes, 2 * (_buffer?.Bytes ?? 0));
        Dispose();
        _buffer = memory.Take(size, purpose);
    }
}
