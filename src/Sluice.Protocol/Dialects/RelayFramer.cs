using System.Buffers;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>Passes an answer on that is in the client's dialect already.</summary>
/// <param name="end">What ends a stream of the dialect; the source has taken it off.</param>
/// <param name="writeStreamError">The dialect's error inside a stream.</param>
internal sealed class RelayFramer(ReadOnlyMemory<byte> end, Action<ApiError, IBufferWriter<byte>> writeStreamError) : IFramer
{
    private readonly ArrayBufferWriter<byte> _body = new();

    public void WriteEvent(in CompletionEvent e, IBufferWriter<byte> output) => output.Write(e.Raw.Span);

    public void WriteEnd(IBufferWriter<byte> output) => output.Write(end.Span);

    // The event's bytes are valid only until the next one, so they are kept as a copy.
    public void Fold(in CompletionEvent e) => _body.Write(e.Raw.Span);

    public void WriteFolded(IBufferWriter<byte> output) => output.Write(_body.WrittenSpan);

    public void WriteStreamError(ApiError fault, IBufferWriter<byte> output) => writeStreamError(fault, output);
}
