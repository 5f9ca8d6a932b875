namespace Sluice.Pipe.Records;

/// <summary>How the input is read.</summary>
public sealed record RecordSettings
{
    public RecordFormat Format { get; init; }

    public EncodingErrors EncodingErrors { get; init; }

    /// <summary>Most bytes of one record, at least 1024; a longer one fails and is passed over.</summary>
    public int MaxRecordBytes { get; init; } = 16 << 20;

    /// <exception cref="PipeException">The input cannot be read.</exception>
    public IRecordReader Open(Stream input) => Format switch
    {
        RecordFormat.Nul => new DelimitedReader(new SegmentReader(input, 0, MaxRecordBytes), this, isLine: false),
        RecordFormat.Paragraphs => new ParagraphReader(new SegmentReader(input, (byte)'\n', MaxRecordBytes), this),
        RecordFormat.Csv => new RowReader(new SegmentReader(input, (byte)'\n', MaxRecordBytes), this, ',', quoted: true),
        RecordFormat.Tsv => new RowReader(new SegmentReader(input, (byte)'\n', MaxRecordBytes), this, '\t', quoted: false),
        _ => new DelimitedReader(new SegmentReader(input, (byte)'\n', MaxRecordBytes), this, isLine: true),
    };

    internal string TooLong => $"the record has more than {MaxRecordBytes} bytes (--max-record sets the limit)";
}
