using System.Buffers;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>SentencePiece's normalisation: its compiled rules, runs of spaces made one, a space before the text, and spaces spelled as marks.</summary>
/// <param name="rules">Null where characters stay as they are.</param>
/// <param name="mergeSpaces">Runs of spaces become one, those at the ends go.</param>
/// <param name="prefix">A space is put before the text, or behind it where words carry their space there.</param>
internal sealed class SentencePieceNormalizer(INormalizer? rules, bool mergeSpaces, bool prefix, bool suffix, bool mark) : INormalizer
{
    public void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch)
    {
        if (rules is null)
        {
            Space(text, target);
            return;
        }
        var ruled = scratch.Take();
        rules.Normalize(text, ruled, scratch);
        Space(ruled.WrittenSpan, target);
        scratch.Release();
    }

    private void Space(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target)
    {
        var rest = mergeSpaces ? TrimEnd(text.TrimStart((byte)' ')) : text;
        if (rest.IsEmpty)
            return;
        var space = mark ? WordMark.Utf8 : " "u8;
        if (prefix)
            target.Write(space);
        while (!rest.IsEmpty)
        {
            int at = rest.IndexOf((byte)' ');
            target.Write(at < 0 ? rest : rest[..at]);
            if (at < 0)
                break;
            target.Write(space);
            rest = mergeSpaces ? rest[at..].TrimStart((byte)' ') : rest[(at + 1)..];
        }
        if (suffix)
            target.Write(space);
    }

    /// <summary>Takes off spaces, and marks as well: where it does this, SentencePiece no longer tells them apart.</summary>
    private static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            text = text.TrimEnd((byte)' ');
            if (!text.EndsWith(WordMark.Utf8))
                return text;
            text = text[..^WordMark.Utf8.Length];
        }
    }
}
