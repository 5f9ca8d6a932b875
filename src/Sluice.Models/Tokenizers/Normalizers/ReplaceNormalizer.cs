using System.Buffers;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>Replaces every occurrence of a fixed string.</summary>
internal sealed class ReplaceNormalizer(byte[] old, byte[] replacement) : INormalizer
{
    public void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch)
    {
        for (int at; (at = text.IndexOf(old)) >= 0; text = text[(at + old.Length)..])
        {
            target.Write(text[..at]);
            target.Write(replacement);
        }
        target.Write(text);
    }
}
