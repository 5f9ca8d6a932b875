using System.Buffers;

namespace Sluice.Pipe.Records;

/// <summary>Lines up to a blank one; further blank lines between paragraphs count for nothing.</summary>
internal sealed class ParagraphReader(SegmentReader lines, RecordSettings settings) : IRecordReader
{
    private long _number;

    public IReadOnlyList<string>? Columns => null;

    public async ValueTask<Record?> ReadAsync(CancellationToken cancellation)
    {
        var text = new ArrayBufferWriter<byte>();
        long offset = 0;
        bool tooLong = false;
        while (await lines.ReadAsync(cancellation).ConfigureAwait(false) is { } segment)
        {
            ReadOnlyMemory<byte> line = _number == 0 && text.WrittenCount == 0 ? ByteOrderMark.Skip(segment.Line) : segment.Line;
            if (IsBlank(line.Span))
            {
                if (text.WrittenCount > 0)
                    break;
                continue;
            }
            if (text.WrittenCount == 0)
                offset = segment.Offset;
            tooLong |= segment.TooLong || text.WrittenCount + line.Length >= settings.MaxRecordBytes;
            if (tooLong && text.WrittenCount > 0)
                continue; // passed over
            if (text.WrittenCount > 0)
                text.Write("\n"u8);
            text.Write(line.Span);
        }
        return text.WrittenCount > 0 ? Make(offset, text.WrittenMemory, tooLong) : null;
    }

    private Record Make(long offset, ReadOnlyMemory<byte> raw, bool tooLong)
    {
        string text = RecordText.Decode(raw.Span, settings.EncodingErrors, out string? problem);
        return new Record
        {
            Number = ++_number, Offset = offset, Raw = raw, Text = text, Fields = new WordFields(text),
            Problem = tooLong ? settings.TooLong : problem,
        };
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(" \t\v\f"u8).IsEmpty;
}
