using System.Buffers;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Output;

/// <summary>Writes nothing: only the count is wanted.</summary>
public sealed class NothingWriter : IOutcomeWriter
{
    public void WriteHeader(IReadOnlyList<string>? columns, IBufferWriter<byte> output)
    {
        // A number has no header.
    }

    public void Write(Record record, Outcome outcome, IBufferWriter<byte> output)
    {
        // The tally counts.
    }
}
