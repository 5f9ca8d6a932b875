using System.Buffers;
using System.Text;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch)
    {
        while (left && Rune.DecodeFromUtf8(text, out var rune, out int length) == OperationStatus.Done && Rune.IsWhiteSpace(rune))
            text = text[length..];
        while (right && Rune.DecodeLastFromUtf8(text, out var rune, out int length) == OperationStatus.Done && Rune.IsWhiteSpace(rune))
            text = text[..^length];
        target.Write(text);
    }
}
