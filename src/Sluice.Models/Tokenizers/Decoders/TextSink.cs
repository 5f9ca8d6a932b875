using System.Buffers;
using System.Text;

namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>The end of a chain of stages: joins bytes to characters and keeps back a character that is not whole.</summary>
internal sealed class TextSink : IDecodeStage
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly ArrayBufferWriter<char> _text = new(64);

    public void Push(ReadOnlySpan<byte> token, bool verbatim) => Convert(token, flush: false);

    public void End() => Convert([], flush: true);

    /// <summary>The text that became certain since the last call.</summary>
    public string Take()
    {
        if (_text.WrittenCount == 0)
            return "";
        string text = new(_text.WrittenSpan);
        _text.ResetWrittenCount();
        return text;
    }

    private void Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        // One character for each byte at most, and one for what was kept back.
        var room = _text.GetSpan(bytes.Length + 2);
        _text.Advance(_decoder.GetChars(bytes, room, flush));
    }
}
