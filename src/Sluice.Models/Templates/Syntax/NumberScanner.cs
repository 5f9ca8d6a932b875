namespace Sluice.Models.Templates.Syntax;

/// <summary>How far a number literal reaches; underscores may stand between digits.</summary>
internal static class NumberScanner
{
    /// <summary>Length of the float at this place; 0 where there is none.</summary>
    public static int Float(string text, int start)
    {
        // In x.1.5 the dots are subscripts.
        if (start > 0 && text[start - 1] == '.')
            return 0;
        int at = Digits(text, start, char.IsAsciiDigit);
        int whole = at;
        if (at < text.Length && text[at] == '.')
        {
            int fraction = Digits(text, at + 1, char.IsAsciiDigit);
            at = fraction > at + 1 ? fraction : at;
        }
        int exponent = Exponent(text, at);
        return exponent > at || at > whole ? Math.Max(exponent, at) - start : 0;
    }

    /// <summary>Length of the integer at this place, which starts with a digit.</summary>
    public static int Integer(string text, int start)
    {
        if (text[start] != '0')
            return Digits(text, start, char.IsAsciiDigit) - start;
        Func<char, bool>? radix = start + 1 < text.Length ? char.ToLowerInvariant(text[start + 1]) switch
        {
            'b' => character => character is '0' or '1',
            'o' => character => character is >= '0' and <= '7',
            'x' => char.IsAsciiHexDigit,
            _ => null,
        } : null;
        if (radix is not null)
        {
            int digits = start + 2 < text.Length && text[start + 2] == '_' ? start + 3 : start + 2;
            int end = Digits(text, digits, radix);
            if (end > digits)
                return end - start;
        }
        return Digits(text, start, character => character == '0') - start;
    }

    private static int Exponent(string text, int at)
    {
        if (at >= text.Length || text[at] is not ('e' or 'E'))
            return at;
        int digits = at + 1 < text.Length && text[at + 1] is '+' or '-' ? at + 2 : at + 1;
        int end = Digits(text, digits, char.IsAsciiDigit);
        return end > digits ? end : at;
    }

    private static int Digits(string text, int at, Func<char, bool> isDigit)
    {
        int start = at;
        while (at < text.Length)
        {
            if (isDigit(text[at]))
                at++;
            else if (at > start && text[at] == '_' && at + 1 < text.Length && isDigit(text[at + 1]))
                at += 2;
            else
                break;
        }
        return at;
    }
}
