using System.Globalization;
using System.Text;

namespace Sluice.Models.Templates.Text;

/// <summary>Python's changes of case: Unicode's full mappings, which can change the length.</summary>
internal static class CaseMapping
{
    public static string Upper(string text) => text.AsSpan().IndexOfAnyExceptInRange('\0', '\x7f') < 0
        ? text.ToUpperInvariant()
        : Map(text, (rune, result, _) => AppendUpper(rune, result));

    public static string Lower(string text) => text.AsSpan().IndexOfAny('Σ', 'İ') < 0
        ? text.ToLowerInvariant()
        : Map(text, (rune, result, at) => AppendLower(rune, result, text, at));

    /// <summary>The first character in title case, the rest in lower case.</summary>
    public static string Capitalize(string text) => Map(text, (rune, result, at) =>
    {
        if (at == 0)
            AppendTitle(rune, result);
        else
            AppendLower(rune, result, text, at);
    });

    /// <summary>Every letter that follows no letter in title case, the others in lower case.</summary>
    public static string Title(string text)
    {
        bool inWord = false;
        return Map(text, (rune, result, at) =>
        {
            if (inWord)
                AppendLower(rune, result, text, at);
            else
                AppendTitle(rune, result);
            inWord = IsCased(rune);
        });
    }

    public static string SwapCase(string text) => Map(text, (rune, result, at) =>
    {
        if (IsUpper(rune))
            AppendLower(rune, result, text, at);
        else if (IsLower(rune))
            AppendUpper(rune, result);
        else
            result.Append(rune.ToString());
    });

    /// <summary>Lower case for comparing: ß becomes ss, and every sigma the same.</summary>
    public static string Fold(string text) => Map(text, (rune, result, _) =>
    {
        var upper = new StringBuilder();
        AppendUpper(rune, upper);
        result.Append(upper.ToString().ToLowerInvariant());
    });

    public static bool IsLower(string text) => IsAllOf(text, IsLower);

    public static bool IsUpper(string text) => IsAllOf(text, IsUpper);

    /// <summary>Whether upper case only starts words and lower case only follows, with some of either.</summary>
    public static bool IsTitle(string text)
    {
        bool inWord = false, any = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if ((IsUpper(rune) && inWord) || (IsLower(rune) && !inWord))
                return false;
            inWord = IsCased(rune);
            any |= inWord;
        }
        return any;
    }

    private static bool IsLower(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.LowercaseLetter || rune.Value is 0xAA or 0xBA;

    private static bool IsUpper(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.UppercaseLetter;

    private static bool IsCased(Rune rune) =>
        IsLower(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsAllOf(string text, Func<Rune, bool> wanted)
    {
        bool any = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!IsCased(rune))
                continue;
            if (!wanted(rune))
                return false;
            any = true;
        }
        return any;
    }

    private static string Map(string text, Action<Rune, StringBuilder, int> append)
    {
        var result = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            if (Rune.TryGetRuneAt(text, at, out Rune rune))
            {
                append(rune, result, at);
                at += rune.Utf16SequenceLength;
            }
            else
            {
                result.Append(text[at++]);
            }
        }
        return result.ToString();
    }

    private static void AppendUpper(Rune rune, StringBuilder result)
    {
        if (rune.IsBmp && CaseExceptions.Table.TryGetValue((char)rune.Value, out var exception))
            result.Append(exception.Upper);
        else
            result.Append(Rune.ToUpperInvariant(rune).ToString());
    }

    private static void AppendTitle(Rune rune, StringBuilder result)
    {
        // Georgian letters have a capital form that titles do not use.
        if (rune.Value is >= 0x10D0 and <= 0x10FF)
            result.Append(rune.ToString());
        else if (rune.IsBmp && CaseExceptions.Table.TryGetValue((char)rune.Value, out var exception))
            result.Append(exception.Title);
        else
            result.Append(Rune.ToUpperInvariant(rune).ToString());
    }

    private static void AppendLower(Rune rune, StringBuilder result, string text, int at)
    {
        switch (rune.Value)
        {
            case 'İ':
                result.Append("i\u0307");
                break;
            case 'Σ':
                result.Append(EndsWord(text, at) ? 'ς' : 'σ');
                break;
            default:
                result.Append(Rune.ToLowerInvariant(rune).ToString());
                break;
        }
    }

    private static bool EndsWord(string text, int at) =>
        at > 0 && char.IsLetter(text[at - 1]) && (at + 1 >= text.Length || !char.IsLetter(text[at + 1]));
}
