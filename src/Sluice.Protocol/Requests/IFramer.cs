using System.Buffers;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Requests;

/// <summary>
/// Writes one answer in its dialect: either frame by frame as the events come, or all of them folded into one body.
/// For one answer and one thread.
/// </summary>
public interface IFramer
{
    /// <summary>Writes the stream frames (SSE text included) of one event; may write nothing.</summary>
    void WriteEvent(in CompletionEvent e, IBufferWriter<byte> output);

    /// <summary>Writes what ends a stream (such as <c>data: [DONE]</c>).</summary>
    void WriteEnd(IBufferWriter<byte> output);

    /// <summary>Takes one event into the blocking answer.</summary>
    void Fold(in CompletionEvent e);

    /// <summary>Writes the blocking answer folded so far.</summary>
    void WriteFolded(IBufferWriter<byte> output);

    /// <summary>Writes an error after the first byte has gone out: in-band, as the dialect has it. Nothing follows it.</summary>
    void WriteStreamError(ApiError fault, IBufferWriter<byte> output);
}
