using System.Buffers;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Output;

/// <summary>Turns outcomes into the bytes of the output. Without state, for any number of records at once.</summary>
public interface IOutcomeWriter
{
    /// <summary>Writes what comes before the first record, such as names of columns.</summary>
    /// <param name="columns">The input's columns; null where it has none.</param>
    void WriteHeader(IReadOnlyList<string>? columns, IBufferWriter<byte> output);

    void Write(Record record, Outcome outcome, IBufferWriter<byte> output);
}
