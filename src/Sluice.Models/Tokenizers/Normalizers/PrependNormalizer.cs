using System.Buffers;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>Puts a fixed string before every text that is not empty.</summary>
internal sealed class PrependNormalizer(byte[] prefix) : INormalizer
{
    public void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch)
    {
        if (!text.IsEmpty)
            target.Write(prefix);
        target.Write(text);
    }
}
