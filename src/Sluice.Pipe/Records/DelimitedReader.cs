using System.Text.Json;

namespace Sluice.Pipe.Records;

/// <summary>Lines and NUL-separated records: texts, JSON values, or names of files.</summary>
internal sealed class DelimitedReader(SegmentReader segments, RecordSettings settings, bool isLine) : IRecordReader
{
    private long _number;

    public IReadOnlyList<string>? Columns => null;

    public async ValueTask<Record?> ReadAsync(CancellationToken cancellation)
    {
        if (await segments.ReadAsync(cancellation).ConfigureAwait(false) is not { } segment)
            return null;
        ReadOnlyMemory<byte> raw = isLine ? segment.Line : segment.Bytes;
        if (++_number == 1)
            raw = ByteOrderMark.Skip(raw);
        string text = RecordText.Decode(raw.Span, settings.EncodingErrors, out string? problem);
        problem = segment.TooLong ? settings.TooLong : problem;
        return settings.Format switch
        {
            RecordFormat.JsonLines => Json(segment.Offset, raw, text, problem),
            RecordFormat.Files => await FileAsync(segment.Offset, raw, text, problem, cancellation).ConfigureAwait(false),
            _ => Make(segment.Offset, raw, text, new WordFields(text), problem),
        };
    }

    private Record Json(long offset, ReadOnlyMemory<byte> raw, string text, string? problem)
    {
        if (problem is not null || string.IsNullOrWhiteSpace(text))
            return Make(offset, raw, text, null, problem);
        try
        {
            return Make(offset, raw, text, new JsonFields(JsonElement.Parse(text)), null);
        }
        catch (JsonException e)
        {
            return Make(offset, raw, text, null, $"not valid JSON: {e.Message}");
        }
    }

    private async ValueTask<Record> FileAsync(
        long offset, ReadOnlyMemory<byte> raw, string path, string? problem, CancellationToken cancellation)
    {
        if (problem is not null || string.IsNullOrWhiteSpace(path))
            return Make(offset, raw, path, null, problem);
        try
        {
            if (new FileInfo(path).Length > settings.MaxRecordBytes)
                return Make(offset, raw, path, null, $"{path}: {settings.TooLong}");
            byte[] bytes = await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false);
            string text = RecordText.Decode(bytes, settings.EncodingErrors, out problem);
            return Make(offset, raw, text, new WordFields(text), problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Make(offset, raw, path, null, e.Message);
        }
    }

    private Record Make(long offset, ReadOnlyMemory<byte> raw, string text, IRecordFields? fields, string? problem) =>
        new() { Number = _number, Offset = offset, Raw = raw, Text = text, Fields = fields, Problem = problem };
}
