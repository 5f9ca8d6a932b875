using System.Buffers;
using Sluice.Pipe.Output;

namespace Sluice.Pipe.Flow;

/// <summary>Writes each piece of an answer as an event of its own.</summary>
/// <param name="nextPlace">The next place in an output that has no order but that of time.</param>
internal sealed class LiveEvents(ReorderWindow window, Func<long> nextPlace) : ILiveOutput
{
    public void Add(long record, string piece)
    {
        var bytes = new ArrayBufferWriter<byte>(64);
        EventWriter.WriteDelta(record, piece, bytes);
        window.Add(nextPlace(), new FinishedRecord(bytes.WrittenMemory, Failed: false));
    }

    public ReadOnlyMemory<byte> End(long record, ReadOnlyMemory<byte> bytes) => bytes;
}
