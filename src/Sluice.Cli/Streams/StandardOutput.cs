using Microsoft.Win32.SafeHandles;

namespace Sluice.Cli.Streams;

/// <summary>Standard output that reports a vanished reader as <see cref="BrokenPipeException"/>.</summary>
/// <remarks>
/// The platform's console stream drops the error of a closed pipe, so a program behind <c>| head</c> would work on to the end. A
/// plain file stream reports it; but on a regular file it writes at a position of its own and would overwrite what others wrote to the
/// same open file, so there the console's stream stays.
/// </remarks>
internal sealed class StandardOutput : Stream
{
    private readonly Stream _inner;
    private readonly bool _isPipe;

    public StandardOutput()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            _isPipe = !pipe.CanSeek;
            _inner = _isPipe ? pipe : Console.OpenStandardOutput();
        }
        else
        {
            _inner = Console.OpenStandardOutput();
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("standard output has no length");

    public override long Position
    {
        get => throw new NotSupportedException("standard output has no position");
        set => throw new NotSupportedException("standard output has no position");
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _inner.Write(buffer);
        }
        catch (IOException e) when (_isPipe)
        {
            throw new BrokenPipeException(e);
        }
    }

    public override void Flush() => _inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("standard output cannot be read");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("standard output cannot seek");

    public override void SetLength(long value) => throw new NotSupportedException("standard output has no length");
}
