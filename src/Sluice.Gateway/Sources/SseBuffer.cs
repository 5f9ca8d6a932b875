using System.Buffers;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>
/// Bytes of a stream of server-sent events, given out as runs of whole frames: all that have arrived, so that a burst costs its reader one
/// turn. Reads only when it is asked, which is how a slow client holds back the source.
/// </summary>
/// <param name="stream">Borrowed.</param>
/// <param name="source">Name of the source, for messages.</param>
internal sealed class SseBuffer(Stream stream, string source) : IDisposable
{
    // What a slow stream is read with; one that fills it gets more.
    private const int FirstBytes = 4 * 1024;
    private const int FastBytes = 64 * 1024;
    private const int MostBytes = 8 * 1024 * 1024;

    private byte[] _buffer = [];
    private int _given, _filled;

    /// <summary>What came after the last whole frame.</summary>
    public ReadOnlySpan<byte> Rest => _buffer.AsSpan(_given, _filled - _given);

    /// <summary>The next frames, their blank lines included; valid until the next call. Empty at the end of the stream.</summary>
    /// <exception cref="SourceException">A frame is longer than 8 MB.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        bool fast = _filled == _buffer.Length && _filled is > 0 and < FastBytes;
        Rest.CopyTo(_buffer);
        (_given, _filled) = (0, _filled - _given);
        if (fast)
            Grow();
        while (true)
        {
            if (_filled == 0 && _buffer.Length <= FirstBytes)
                await WaitForBytesAsync(cancellation).ConfigureAwait(false);
            if (_filled == _buffer.Length)
                Grow();
            int read = await stream.ReadAsync(_buffer.AsMemory(_filled), cancellation).ConfigureAwait(false);
            if (read == 0)
                return default;
            int searched = Math.Max(0, _filled - 3); // a boundary may have begun in the bytes before
            _filled += read;
            int end = EndOfLastFrame(_buffer.AsSpan(searched, _filled - searched));
            if (end == 0)
                continue;
            _given = searched + end;
            return _buffer.AsMemory(0, _given);
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_given, _filled) = (0, 0);
    }

    /// <summary>Waits without a buffer: most streams are slow, and thousands of them may be open.</summary>
    private async ValueTask WaitForBytesAsync(CancellationToken cancellation)
    {
        Dispose();
        await stream.ReadAsync(Memory<byte>.Empty, cancellation).ConfigureAwait(false);
        _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    }

    /// <summary>Index after the last blank line; 0 where there is none.</summary>
    private static int EndOfLastFrame(ReadOnlySpan<byte> bytes)
    {
        int plain = bytes.LastIndexOf("\n\n"u8), withReturns = bytes.LastIndexOf("\n\r\n"u8);
        return Math.Max(plain < 0 ? 0 : plain + 2, withReturns < 0 ? 0 : withReturns + 3);
    }

    private void Grow()
    {
        if (_buffer.Length >= MostBytes)
            throw new SourceException(SourceFailure.Failed, $"Source '{source}' sent an event longer than {MostBytes >> 20} MB.");
        byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
