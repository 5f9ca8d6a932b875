using System.Buffers;
using Sluice.Models.Tokenizers.Patterns;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>Replaces what a pattern matches by a fixed string.</summary>
internal sealed class PatternNormalizer(Pattern pattern, byte[] replacement) : INormalizer
{
    public void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch)
    {
        var matches = pattern.Matches(text);
        int done = 0;
        while (matches.MoveNext(text, out int start, out int end))
        {
            target.Write(text[done..start]);
            target.Write(replacement);
            done = end;
        }
        target.Write(text[done..]);
    }
}
