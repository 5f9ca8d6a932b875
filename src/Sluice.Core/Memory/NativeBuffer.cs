using System.Runtime.InteropServices;

namespace Sluice.Core.Memory;

/// <summary>The owner of a 64-byte aligned block of native memory. Whoever created it disposes it; everything else borrows.</summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    /// <summary>A cache line, and the widest vector register.</summary>
    public const int Alignment = 64;

    private static long _liveOwners;
    private byte* _address;

    /// <param name="bytes">Size in bytes; zero is allowed.</param>
    /// <param name="clear">Whether the memory starts as zeros. Pages the operating system has not handed out yet cost nothing until touched
    /// when this is false.</param>
    public NativeBuffer(long bytes, bool clear = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        nuint size = (nuint)((bytes + Alignment - 1) / Alignment * Alignment);
        // What is large begins where a large page can, so that it may be made of such pages.
        nuint alignment = bytes < MemoryAdvice.LargePageBytes ? Alignment : (nuint)MemoryAdvice.LargePageBytes;
        _address = (byte*)NativeMemory.AlignedAlloc(size == 0 ? Alignment : size, alignment);
        if (clear)
            NativeMemory.Clear(_address, size);
        Interlocked.Increment(ref _liveOwners);
    }

    /// <summary>Buffers not yet disposed in this process; tests assert that it returns to where it was.</summary>
    public static long LiveOwners => Interlocked.Read(ref _liveOwners);

    public long Bytes { get; }

    /// <summary>The first byte, for kernels only.</summary>
    public byte* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address is null, this);
            return _address;
        }
    }

    public Span<T> AsSpan<T>() where T : unmanaged => new(Address, checked((int)(Bytes / sizeof(T))));

    public void Dispose()
    {
        if (_address is null)
            return;
        NativeMemory.AlignedFree(_address);
        _address = null;
        Interlocked.Decrement(ref _liveOwners);
    }
}
