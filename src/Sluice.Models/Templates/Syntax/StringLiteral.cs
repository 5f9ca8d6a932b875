using System.Globalization;
using System.Text;

namespace Sluice.Models.Templates.Syntax;

/// <summary>Python's escapes in a string literal; an unknown one stands for itself.</summary>
internal static class StringLiteral
{
    public static string Unescape(ReadOnlySpan<char> literal, Func<string, Exception> error)
    {
        if (!literal.Contains('\\'))
            return literal.ToString();
        var text = new StringBuilder(literal.Length);
        for (int at = 0; at < literal.Length;)
        {
            int run = literal[at..].IndexOf('\\');
            if (run < 0)
                run = literal.Length - at;
            text.Append(literal.Slice(at, run));
            at += run;
            if (at + 1 < literal.Length)
                at += Escape(literal[at..], text, error);
        }
        return text.ToString();
    }

    /// <summary>Reads the escape that the span starts with; returns its length.</summary>
    private static int Escape(ReadOnlySpan<char> escape, StringBuilder text, Func<string, Exception> error)
    {
        switch (escape[1])
        {
            case '\n':
                return 2;
            case 'x':
                return Hex(escape, 2, text, error);
            case 'u':
                return Hex(escape, 4, text, error);
            case 'U':
                return Hex(escape, 8, text, error);
            case 'N':
                throw error("characters by name (\\N{…}) are not supported: write the character or its \\u code");
            case >= '0' and <= '7':
                return Octal(escape, text);
        }
        int simple = "\\'\"abfnrtv".IndexOf(escape[1], StringComparison.Ordinal);
        if (simple < 0)
            text.Append('\\').Append(escape[1]);
        else
            text.Append("\\'\"\a\b\f\n\r\t\v"[simple]);
        return 2;
    }

    private static int Hex(ReadOnlySpan<char> escape, int digits, StringBuilder text, Func<string, Exception> error)
    {
        if (escape.Length < 2 + digits
            || !uint.TryParse(escape.Slice(2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code)
            || code > 0x10FFFF)
        {
            throw error($"'\\{escape[1]}' needs {digits} hexadecimal digits of a character's code");
        }
        if (code > 0xFFFF)
            text.Append(char.ConvertFromUtf32((int)code));
        else
            text.Append((char)code);
        return 2 + digits;
    }

    private static int Octal(ReadOnlySpan<char> escape, StringBuilder text)
    {
        int code = 0, at = 1;
        for (; at < escape.Length && at <= 3 && escape[at] is >= '0' and <= '7'; at++)
            code = code * 8 + (escape[at] - '0');
        text.Append((char)code);
        return at;
    }
}
