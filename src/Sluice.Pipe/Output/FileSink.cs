namespace Sluice.Pipe.Output;

/// <summary>Output to a file of its own.</summary>
public sealed class FileSink : IOutputSink
{
    private const int BufferBytes = 64 * 1024;

    private readonly FileStream _file;

    /// <param name="keepBytes">How much of what is in it stays; the rest is cut off.</param>
    /// <exception cref="PipeException">It cannot be opened.</exception>
    public FileSink(string path, long keepBytes)
    {
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, BufferBytes);
            _file.SetLength(keepBytes);
            _file.Position = keepBytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipeException(PipeFault.Usage, $"-O: {e.Message}", e);
        }
    }

    public long Length => _file.Position;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file.Write(bytes);
        }
        catch (IOException e)
        {
            throw Fault(e);
        }
    }

    public void Flush() => Flush(toDisk: false);

    public void Sync() => Flush(toDisk: true);

    public void Dispose() => _file.Dispose();

    private void Flush(bool toDisk)
    {
        try
        {
            _file.Flush(toDisk);
        }
        catch (IOException e)
        {
            throw Fault(e);
        }
    }

    private PipeException Fault(IOException e) => new(PipeFault.Output, $"{_file.Name} cannot be written: {e.Message}", e);
}
