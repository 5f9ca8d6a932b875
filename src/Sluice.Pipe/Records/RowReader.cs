using System.Buffers;

namespace Sluice.Pipe.Records;

/// <summary>Rows of separated values. A quote that is never closed costs its own line, not the rest of the input.</summary>
/// <param name="quoted">Whether values may stand in quotes, as in RFC 4180, and then hold separators and line ends.</param>
internal sealed class RowReader(SegmentReader lines, RecordSettings settings, char separator, bool quoted) : IRecordReader
{
    // Lines that a quote ran through before it turned out to be never closed come again, so this bounds what is held and read twice.
    private const int MaxRowLines = 10_000;

    private readonly Queue<Segment> _again = new();
    private long _number;

    public IReadOnlyList<string>? Columns { get; private set; }

    public async ValueTask<Record?> ReadAsync(CancellationToken cancellation)
    {
        if (Columns is null)
        {
            if (await NextRowAsync(cancellation).ConfigureAwait(false) is not var (header, problem))
                return null;
            string names = RecordText.Decode(ByteOrderMark.Skip(header.Line).Span, settings.EncodingErrors, out _);
            if (problem is not null)
                throw new PipeException(PipeFault.Input, $"the first row, which names the columns, cannot be read: {problem}");
            Columns = RowText.Split(names, separator, quoted);
        }
        return await NextRowAsync(cancellation).ConfigureAwait(false) is var (row, fault) ? Make(row, fault) : null;
    }

    private Record Make(Segment row, string? problem)
    {
        string text = RecordText.Decode(row.Line.Span, settings.EncodingErrors, out string? badText);
        problem ??= row.TooLong ? settings.TooLong : badText;
        IReadOnlyList<string> values = problem is null ? RowText.Split(text, separator, quoted) : [];
        if (problem is null && values.Count > Columns!.Count)
            problem = $"the row has {values.Count} values, but there are {Columns.Count} columns";
        return new Record
        {
            Number = ++_number, Offset = row.Offset, Raw = row.Line, Text = text,
            Fields = new ColumnFields(Columns!, problem is null ? values : [text]),
            Problem = problem,
        };
    }

    /// <summary>The lines of one row, joined while a quote is open.</summary>
    private async ValueTask<(Segment Row, string? Problem)?> NextRowAsync(CancellationToken cancellation)
    {
        if (await NextLineAsync(cancellation).ConfigureAwait(false) is not { } first)
            return null;
        if (!quoted || first.TooLong || !LeavesQuoteOpen(first.Bytes.Span))
            return (first, null);

        var held = new List<Segment>();
        int bytes = first.Bytes.Length;
        while (held.Count < MaxRowLines && bytes <= settings.MaxRecordBytes
            && await NextLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            held.Add(line);
            bytes += line.Bytes.Length + 1;
            if (LeavesQuoteOpen(line.Bytes.Span))
                return (Join(first, held, bytes), null);
        }
        // Before what is still waiting to be read again, for it came earlier.
        Segment[] later = [.. _again];
        _again.Clear();
        foreach (Segment segment in held.Concat(later))
            _again.Enqueue(segment);
        return (first, "a quote is opened and not closed");
    }

    private async ValueTask<Segment?> NextLineAsync(CancellationToken cancellation) =>
        _again.TryDequeue(out Segment again) ? again : await lines.ReadAsync(cancellation).ConfigureAwait(false);

    private static Segment Join(Segment first, List<Segment> rest, int bytes)
    {
        var joined = new ArrayBufferWriter<byte>(bytes);
        joined.Write(first.Bytes.Span);
        foreach (Segment segment in rest)
        {
            joined.Write("\n"u8);
            joined.Write(segment.Bytes.Span);
        }
        return new Segment(first.Offset, joined.WrittenMemory, rest.Any(segment => segment.TooLong));
    }

    // A quote within a quoted value is doubled, so an odd number of quotes opens or closes one.
    private static bool LeavesQuoteOpen(ReadOnlySpan<byte> line) => line.Count((byte)'"') % 2 == 1;
}
