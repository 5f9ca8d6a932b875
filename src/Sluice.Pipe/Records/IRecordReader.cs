namespace Sluice.Pipe.Records;

/// <summary>Takes an input apart, one record at a time, in constant memory. For one reader and one thread at a time.</summary>
public interface IRecordReader
{
    /// <summary>Names of the columns where the input has them; known after the first read. Null where it has none.</summary>
    IReadOnlyList<string>? Columns { get; }

    /// <summary>The next record; null at the end.</summary>
    /// <exception cref="PipeException">The input cannot be read.</exception>
    ValueTask<Record?> ReadAsync(CancellationToken cancellation);
}
