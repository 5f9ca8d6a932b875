namespace Sluice.Pipe.Records;

/// <summary>The bytes up to a delimiter.</summary>
/// <param name="Offset">Where they begin in the input.</param>
/// <param name="TooLong">There were more than allowed: <paramref name="Bytes"/> holds the first of them, the rest was passed over.</param>
internal readonly record struct Segment(long Offset, ReadOnlyMemory<byte> Bytes, bool TooLong)
{
    /// <summary>Without the CR of a CRLF.</summary>
    public ReadOnlyMemory<byte> Line => Bytes.Length > 0 && Bytes.Span[^1] == '\r' ? Bytes[..^1] : Bytes;
}
