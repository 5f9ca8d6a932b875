using Sluice.Pipe.Records;

namespace Sluice.Pipe.Estimates;

/// <summary>Records that were read before.</summary>
/// <param name="columns">Of the input that they are from.</param>
internal sealed class ListedRecords(IReadOnlyList<Record> records, IReadOnlyList<string>? columns) : IRecordReader
{
    private int _next;

    public IReadOnlyList<string>? Columns => columns;

    public ValueTask<Record?> ReadAsync(CancellationToken cancellation) => new(_next < records.Count ? records[_next++] : null);
}
