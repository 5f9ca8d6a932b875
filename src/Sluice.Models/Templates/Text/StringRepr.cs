using System.Globalization;
using System.Text;

namespace Sluice.Models.Templates.Text;

/// <summary>Python's repr() of a str.</summary>
internal static class StringRepr
{
    public static void Write(string text, TextOutput output)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        output.Append(quote);
        for (int at = 0; at < text.Length;)
        {
            // A lone surrogate is no rune; Python writes its code.
            if (!Rune.TryGetRuneAt(text, at, out Rune rune))
            {
                output.Append($"\\u{(int)text[at++]:x4}");
                continue;
            }
            Write(rune, quote, text.AsSpan(at, rune.Utf16SequenceLength), output);
            at += rune.Utf16SequenceLength;
        }
        output.Append(quote);
    }

    /// <summary>Python's isprintable() of one character.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    private static void Write(Rune rune, char quote, ReadOnlySpan<char> spelling, TextOutput output)
    {
        switch (rune.Value)
        {
            case '\\':
                output.Append("\\\\");
                break;
            case '\n':
                output.Append("\\n");
                break;
            case '\r':
                output.Append("\\r");
                break;
            case '\t':
                output.Append("\\t");
                break;
            case int code when code == quote:
                output.Append('\\');
                output.Append(quote);
                break;
            case int code when !IsPrintable(rune):
                output.Append(code < 0x100 ? $"\\x{code:x2}" : code < 0x10000 ? $"\\u{code:x4}" : $"\\U{code:x8}");
                break;
            default:
                output.Append(spelling);
                break;
        }
    }
}
