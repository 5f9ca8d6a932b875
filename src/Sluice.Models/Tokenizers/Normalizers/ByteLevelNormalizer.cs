using System.Buffers;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>Spells every byte of the text in <see cref="ByteAlphabet"/>.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    public void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch) =>
        target.Advance(ByteAlphabet.Encode(text, target.GetSpan(text.Length * 2 + 1)));
}
