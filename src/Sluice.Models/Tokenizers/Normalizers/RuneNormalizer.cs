using System.Buffers;
using System.Text;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>Rewrites a text one code point at a time.</summary>
internal sealed class RuneNormalizer(RuneNormalizer.Map map) : INormalizer
{
    /// <summary>Writes what becomes of a code point: nothing drops it.</summary>
    public delegate void Map(Rune rune, ArrayBufferWriter<byte> target);

    public void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch)
    {
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out int length);
            map(rune, target);
            text = text[length..];
        }
    }
}
