namespace Sluice.Pipe.Output;

/// <summary>Output to a stream, such as standard output. It borrows the stream.</summary>
/// <param name="isReaderGone">Whether an error of the stream means that its reader went away.</param>
public sealed class StreamSink(Stream stream, Predicate<IOException> isReaderGone) : IOutputSink
{
    private const int BufferBytes = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _held;

    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        if (bytes.Length > _buffer.Length - _held)
            Empty();
        if (bytes.Length > _buffer.Length)
        {
            Send(bytes);
            return;
        }
        bytes.CopyTo(_buffer.AsSpan(_held));
        _held += bytes.Length;
    }

    public void Flush() => Empty();

    /// <summary>What a reader took nobody can make last.</summary>
    public void Sync() => Flush();

    public void Dispose()
    {
        // The stream is its owner's.
    }

    private void Empty()
    {
        if (_held == 0)
            return;
        int held = _held;
        _held = 0; // what a vanished reader did not take is not offered again
        Send(_buffer.AsSpan(0, held));
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
            stream.Flush();
        }
        catch (IOException e)
        {
            throw isReaderGone(e)
                ? new ReaderGoneException(e) : new PipeException(PipeFault.Output, $"the output cannot be written: {e.Message}", e);
        }
    }
}
