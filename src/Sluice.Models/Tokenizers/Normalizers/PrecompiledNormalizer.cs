using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's compiled rules: a double array over UTF-8 whose leaves point to replacements. Applied as Hugging Face does it, to short grapheme
/// clusters as a whole and else to single code points; or as SentencePiece itself, the longest rule at every place.
/// </summary>
internal sealed class PrecompiledNormalizer : INormalizer
{
    // Longer clusters are taken apart, as there.
    private const int ClusterLimit = 6;

    private readonly uint[] _units;
    private readonly byte[] _replacements;
    private readonly bool _longest;

    private PrecompiledNormalizer(uint[] units, byte[] replacements, bool longest)
    {
        _units = units;
        _replacements = replacements;
        _longest = longest;
    }

    /// <param name="rules">Length of the double array in bytes, the array, and the replacements, each ended by a zero. All little-endian.</param>
    /// <param name="longest">Whether to match as SentencePiece itself does.</param>
    /// <returns>The normalizer, or null where the rules are cut short.</returns>
    public static PrecompiledNormalizer? Create(ReadOnlySpan<byte> rules, bool longest)
    {
        if (rules.Length < 4)
            return null;
        uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(rules);
        if (bytes % 4 != 0 || bytes > rules.Length - 4)
            return null;
        var units = new uint[bytes / 4];
        for (int i = 0; i < units.Length; i++)
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(rules[(4 + i * 4)..]);
        return new PrecompiledNormalizer(units, rules[(4 + (int)bytes)..].ToArray(), longest);
    }

    public void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch)
    {
        if (_longest)
            NormalizeLongest(text, target);
        else
            NormalizeClusters(text, target);
    }

    private void NormalizeLongest(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target)
    {
        while (!text.IsEmpty)
        {
            int length = Match(text, longest: true, out int offset);
            if (length > 0)
                WriteReplacement(offset, target);
            else
            {
                Rune.DecodeFromUtf8(text, out _, out length);
                target.Write(text[..length]);
            }
            text = text[length..];
        }
    }

    private void NormalizeClusters(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target)
    {
        ReadOnlySpan<char> rest = Encoding.UTF8.GetString(text);
        while (!rest.IsEmpty)
        {
            int units = StringInfo.GetNextTextElementLength(rest);
            int bytes = Encoding.UTF8.GetByteCount(rest[..units]);
            if (bytes >= ClusterLimit || !TryReplace(text[..bytes], target))
                NormalizeRunes(text[..bytes], target);
            text = text[bytes..];
            rest = rest[units..];
        }
    }

    private void NormalizeRunes(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target)
    {
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out _, out int length);
            if (!TryReplace(text[..length], target))
                target.Write(text[..length]);
            text = text[length..];
        }
    }

    /// <summary>Replaces a chunk if a rule matches its beginning: the first that does, however much of the chunk it covers.</summary>
    private bool TryReplace(ReadOnlySpan<byte> chunk, ArrayBufferWriter<byte> target)
    {
        if (Match(chunk, longest: false, out int offset) == 0)
            return false;
        WriteReplacement(offset, target);
        return true;
    }

    /// <summary>The length of the shortest or longest rule that <paramref name="text"/> begins with, or 0. Layout of a unit as in darts-clone.</summary>
    private int Match(ReadOnlySpan<byte> text, bool longest, out int offset)
    {
        int matched = 0;
        offset = 0;
        if (_units.Length == 0)
            return 0;
        uint at = Offset(_units[0]);
        for (int i = 0; i < text.Length && text[i] != 0; i++)
        {
            at ^= text[i];
            if (at >= (uint)_units.Length)
                break;
            uint unit = _units[at];
            if ((unit & ((1u << 31) | 0xFF)) != text[i])
                break;
            at ^= Offset(unit);
            if (((unit >> 8) & 1) == 0)
                continue;
            if (at >= (uint)_units.Length)
                break;
            matched = i + 1;
            offset = (int)(_units[at] & 0x7FFFFFFF);
            if (!longest)
                break;
        }
        return matched;
    }

    private void WriteReplacement(int offset, ArrayBufferWriter<byte> target)
    {
        if (offset >= _replacements.Length)
            return;
        var replacement = _replacements.AsSpan(offset);
        int end = replacement.IndexOf((byte)0);
        replacement = end < 0 ? replacement : replacement[..end];
        target.Write(Utf8.IsValid(replacement) ? replacement : "\uFFFD"u8);
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & (1u << 9)) >> 6);
}
