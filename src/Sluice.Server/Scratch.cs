using System.Buffers;

namespace Sluice.Server;

/// <summary>One buffer a thread for what is written whole and copied at once, so that it costs no memory each time.</summary>
internal static class Scratch
{
    private const int FirstBytes = 2048;
    private const int LargestKept = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _free;

    /// <summary>An empty one, the caller's own until he gives it back; who does not leaves it to the collector.</summary>
    public static ArrayBufferWriter<byte> Rent()
    {
        ArrayBufferWriter<byte> taken = _free ?? new ArrayBufferWriter<byte>(FirstBytes);
        _free = null;
        return taken;
    }

    /// <summary>On any thread.</summary>
    public static void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > LargestKept)
            return;
        buffer.ResetWrittenCount();
        _free = buffer;
    }
}
