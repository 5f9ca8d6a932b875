namespace Sluice.Pipe.Records;

/// <summary>Cuts a stream at a delimiter byte. A segment that is too long is cut off and passed over, so memory stays bounded.</summary>
internal sealed class SegmentReader(Stream input, byte delimiter, int maxBytes)
{
    private const int ChunkBytes = 64 * 1024;
    private const int TooLongSampleBytes = 1024;

    private byte[] _buffer = new byte[ChunkBytes];
    private int _start, _end;
    private long _offset;
    private bool _ended;

    /// <summary>
    /// The next segment without its delimiter; null at the end. What follows the last delimiter is one only if it is not empty.
    /// </summary>
    /// <exception cref="PipeException">The stream cannot be read.</exception>
    public async ValueTask<Segment?> ReadAsync(CancellationToken cancellation)
    {
        int searched = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf(delimiter);
            if (at >= 0)
                return Take(searched + at, 1);
            searched = _end - _start;
            if (_ended)
                return searched == 0 ? null : Take(searched, 0);
            if (searched > maxBytes)
                return await PassOverAsync(cancellation).ConfigureAwait(false);
            await FillAsync(cancellation).ConfigureAwait(false);
        }
    }

    private Segment Take(int length, int delimiterBytes)
    {
        bool tooLong = length > maxBytes;
        int kept = tooLong ? TooLongSampleBytes : length;
        var segment = new Segment(_offset, _buffer.AsSpan(_start, kept).ToArray(), tooLong);
        Advance(length + delimiterBytes);
        return segment;
    }

    private async ValueTask<Segment?> PassOverAsync(CancellationToken cancellation)
    {
        var segment = new Segment(_offset, _buffer.AsSpan(_start, TooLongSampleBytes).ToArray(), TooLong: true);
        while (true)
        {
            int at = _buffer.AsSpan(_start, _end - _start).IndexOf(delimiter);
            Advance(at >= 0 ? at + 1 : _end - _start);
            if (at >= 0 || _ended)
                return segment;
            await FillAsync(cancellation).ConfigureAwait(false);
        }
    }

    private void Advance(int bytes)
    {
        _start += bytes;
        _offset += bytes;
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        MakeRoom();
        try
        {
            ValueTask<int> read = input.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None);
            // A read of a pipe cannot be cancelled, so it is left behind.
            int count = read.IsCompletedSuccessfully
                ? await read.ConfigureAwait(false)
                : await read.AsTask().WaitAsync(cancellation).ConfigureAwait(false);
            _end += count;
            _ended = count == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipeException(PipeFault.Input, $"the input cannot be read after byte {_offset + _end - _start}: {e.Message}", e);
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
