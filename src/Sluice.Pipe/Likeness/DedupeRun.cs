using System.Buffers;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Sluice.Pipe.Templates;

namespace Sluice.Pipe.Likeness;

/// <summary>
/// Passes each record on once: of those that are alike, the first. It remembers the kinds it saw last, so memory stays bounded.
/// </summary>
/// <param name="key">Which part of a record is compared; null for all of it.</param>
public sealed class DedupeRun(RecordSettings settings, Template? key, ILikeness likeness, int mostKinds = 2_000_000)
{
    private readonly HashSet<QuestionKey> _seen = [];
    private readonly Queue<QuestionKey> _order = new();

    public long Read { get; private set; }

    public long Kept { get; private set; }

    /// <exception cref="PipeException">The input cannot be read, or names of columns are wrong.</exception>
    /// <exception cref="ReaderGoneException">Nobody reads the output any more.</exception>
    public async Task RunAsync(Stream input, IOutputSink sink, CancellationToken cancellation)
    {
        IRecordReader reader = settings.Open(input);
        var writer = new KeptWriter(new OnFail(FailAction.Pass), _ => true, settings.Format);
        var bytes = new ArrayBufferWriter<byte>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false) is { } record)
        {
            if (Read++ == 0)
            {
                if (reader.Columns is { } columns)
                    key?.CheckColumns(columns);
                writer.WriteHeader(reader.Columns, bytes);
            }
            if (IsNew(record))
            {
                Kept++;
                writer.Write(record, Outcome.Blank, bytes);
            }
            sink.Write(bytes.WrittenSpan);
            bytes.ResetWrittenCount();
        }
        sink.Flush();
    }

    private bool IsNew(Record record)
    {
        // A record without the part that counts is like no other.
        string text = key is null ? record.Text
            : key.Fill(record, out string? missing) is var part && missing is null ? part : $"\0{record.Number}";
        QuestionKey kind = likeness.KeyOf(record with { Text = text });
        if (!_seen.Add(kind))
            return false;
        _order.Enqueue(kind);
        if (_order.Count > mostKinds)
            _seen.Remove(_order.Dequeue());
        return true;
    }
}
