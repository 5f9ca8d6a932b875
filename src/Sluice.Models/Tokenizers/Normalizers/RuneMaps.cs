using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>The rewritings of single code points that normalizers are made of.</summary>
internal static class RuneMaps
{
    /// <summary>Lower case. Of all code points one has a lower case of two: the dotted capital I.</summary>
    public static void Lowercase(Rune rune, ArrayBufferWriter<byte> target)
    {
        if (rune.Value == 0x130)
            target.Write("i\u0307"u8);
        else
            Write(Rune.ToLowerInvariant(rune), target);
    }

    public static void DropMarks(Rune rune, ArrayBufferWriter<byte> target)
    {
        if (Category(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark))
            Write(rune, target);
    }

    public static void DropNonspacingMarks(Rune rune, ArrayBufferWriter<byte> target)
    {
        if (Category(rune) != UnicodeCategory.NonSpacingMark)
            Write(rune, target);
    }

    /// <summary>BERT's cleaning: no control characters, one kind of space.</summary>
    public static void CleanText(Rune rune, ArrayBufferWriter<byte> target)
    {
        bool space = rune.Value is '\t' or '\n' or '\r' || Rune.IsWhiteSpace(rune);
        bool other = Category(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;
        if (rune.Value is '\t' or '\n' or '\r' || (!other && rune.Value is not (0 or 0xFFFD)))
            Write(space ? new Rune(' ') : rune, target);
    }

    /// <summary>Spaces around every ideograph, so that each becomes a word.</summary>
    public static void SpaceIdeographs(Rune rune, ArrayBufferWriter<byte> target)
    {
        bool ideograph = IsIdeograph(rune.Value);
        if (ideograph)
            target.Write(" "u8);
        Write(rune, target);
        if (ideograph)
            target.Write(" "u8);
    }

    /// <summary>SentencePiece's nmt rules: control characters go, all sorts of space become one.</summary>
    public static void Nmt(Rune rune, ArrayBufferWriter<byte> target)
    {
        switch (rune.Value)
        {
            case (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F:
                break;
            case 0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD:
                target.Write(" "u8);
                break;
            default:
                Write(rune, target);
                break;
        }
    }

    private static void Write(Rune rune, ArrayBufferWriter<byte> target) => target.Advance(rune.EncodeToUtf8(target.GetSpan(4)));

    private static UnicodeCategory Category(Rune rune) => Rune.GetUnicodeCategory(rune);

    // The fifth range starts where BERT's implementations let it, not where the block does.
    private static bool IsIdeograph(int rune) => rune
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
