namespace Sluice.Pipe.Records;

/// <summary>The mark that some editors put before UTF-8; it is no part of the first record.</summary>
internal static class ByteOrderMark
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> bytes) => bytes.Span.StartsWith(Mark) ? bytes[Mark.Length..] : bytes;
}
