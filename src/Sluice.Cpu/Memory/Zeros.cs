using System.Runtime.InteropServices;

namespace Sluice.Cpu.Memory;

/// <summary>Memory that holds zeros and that nobody writes; it grows to the most that was asked for.</summary>
internal sealed unsafe class Zeros(BackendMemory memory, string purpose) : IDisposable
{
    private BackendBuffer? _buffer;

    /// <summary>At least <paramref name="bytes"/> zeros; what was given before is gone if there were fewer.</summary>
    public byte* Take(long bytes)
    {
        if (_buffer is null || _buffer.Bytes < bytes)
        {
            Dispose();
            _buffer = memory.Take(bytes, purpose);
            NativeMemory.Clear(_buffer.Address, (nuint)bytes);
        }
        return _buffer.Address;
    }

    public void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
    }
}
