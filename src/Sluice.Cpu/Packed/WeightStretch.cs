using Sluice.Core.Memory;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Packed;

/// <summary>
/// A stretch of memory that packed weights share, one behind the other, so that large pages hold them whole: each in memory of its own would end in up to
/// 2 MB of small pages, which are read at half the rate.
/// </summary>
/// <remarks>Its memory is freed once its owner and all weights in it have released it.</remarks>
internal sealed unsafe class WeightStretch
{
    private readonly BackendBuffer _buffer;
    private long _taken;
    private int _users = 1;

    /// <param name="buffer">Becomes this stretch's own.</param>
    public WeightStretch(BackendBuffer buffer)
    {
        _buffer = buffer;
        MemoryAdvice.UseLargePages(buffer.Address, buffer.Bytes);
    }

    public bool HasRoom(long bytes) => bytes <= _buffer.Bytes - _taken;

    /// <summary>Hands out the next <paramref name="bytes"/> bytes, for which there must be room, to one more user. One thread at a time.</summary>
    public byte* Take(long bytes)
    {
        Interlocked.Increment(ref _users);
        byte* taken = _buffer.Address + _taken;
        _taken += Rounded(bytes);
        return taken;
    }

    /// <summary>One user less; the last one frees the memory.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _buffer.Dispose();
    }

    /// <summary>What a weight takes of a stretch.</summary>
    public static long Rounded(long bytes) => (bytes + NativeBuffer.Alignment - 1) / NativeBuffer.Alignment * NativeBuffer.Alignment;
}
