namespace Sluice.Pipe.Flow;

/// <summary>
/// A file for what memory has no room for, made on first use and gone at the end. What is read is given up; once nothing is held, it begins
/// anew. Not for several threads.
/// </summary>
internal sealed class SpillFile(string folder) : IDisposable
{
    private FileStream? _file;
    private long _end;
    private int _held;

    /// <summary>Bytes of disk it takes.</summary>
    public long Bytes => _end;

    /// <summary>Keeps bytes; gives where.</summary>
    /// <exception cref="PipeException">The disk is full or cannot be written.</exception>
    public long Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file ??= Open();
            long at = _end;
            RandomAccess.Write(_file.SafeFileHandle, bytes, at);
            _end += bytes.Length;
            _held++;
            return at;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipeException(PipeFault.Output, $"finished records cannot be kept in {folder} until their turn: {e.Message}", e);
        }
    }

    /// <summary>Gives bytes back, once.</summary>
    public byte[] Take(long at, int length)
    {
        var bytes = new byte[length];
        int read = 0;
        while (read < length)
        {
            int count = RandomAccess.Read(_file!.SafeFileHandle, bytes.AsSpan(read), at + read);
            read += count > 0
                ? count : throw new PipeException(PipeFault.Output, $"the file of finished records in {folder} was cut short");
        }
        if (--_held == 0)
        {
            _end = 0;
            RandomAccess.SetLength(_file!.SafeFileHandle, 0);
        }
        return bytes;
    }

    public void Dispose() => _file?.Dispose();

    private FileStream Open()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
            Options = FileOptions.DeleteOnClose,
        };
        return new FileStream(Path.Combine(folder, $"sluice-pipe-{Guid.NewGuid():N}"), options);
    }
}
