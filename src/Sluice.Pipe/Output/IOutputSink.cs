namespace Sluice.Pipe.Output;

/// <summary>Where the output goes. For one thread at a time.</summary>
public interface IOutputSink : IDisposable
{
    /// <summary>Bytes that are in it, those of an earlier run included.</summary>
    long Length { get; }

    /// <exception cref="ReaderGoneException">Nobody reads it any more.</exception>
    /// <exception cref="PipeException">It cannot be written.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Gives the reader everything written so far.</summary>
    void Flush();

    /// <summary>Has everything written so far survive a power cut, where that can be.</summary>
    void Sync();
}
