using System.Buffers;

namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>The end of a chain of stages that wants the bytes as they are.</summary>
internal sealed class BytesSink : IDecodeStage
{
    private readonly ArrayBufferWriter<byte> _bytes = new(16);

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Push(ReadOnlySpan<byte> token, bool verbatim) => _bytes.Write(token);

    public void End()
    {
        // Nothing is held back here.
    }
}
