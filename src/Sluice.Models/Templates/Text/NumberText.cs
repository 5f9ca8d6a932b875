using System.Buffers;
using System.Globalization;
using System.Numerics;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Text;

/// <summary>Python's int(text, base) and float(text).</summary>
internal static class NumberText
{
    // .NET's own names of the infinities, and its group and currency signs, are not Python's.
    private static readonly SearchValues<char> FloatCharacters = SearchValues.Create("0123456789+-.eE_");

    public static bool TryInteger(string text, int radix, out BigInteger number)
    {
        number = 0;
        ReadOnlySpan<char> digits = Whitespace.TrimEnd(Whitespace.TrimStart(text));
        bool negative = digits.StartsWith('-');
        if (negative || digits.StartsWith('+'))
            digits = digits[1..];
        int prefixed = RadixOf(digits);
        if (prefixed != 0 && (radix == prefixed || radix == 0))
        {
            digits = digits[2..].TrimStart('_');
            radix = prefixed;
        }
        if (radix == 0)
            radix = 10;
        if (radix is < 2 or > 36 || !TryDropUnderscores(digits, out string plain) || plain.Length > IntegerValue.MaxDigits)
            return false;
        foreach (char character in plain)
        {
            int digit = char.IsAsciiLetter(character)
                ? char.ToLowerInvariant(character) - 'a' + 10
                : CharUnicodeInfo.GetDecimalDigitValue(character);
            if (digit < 0 || digit >= radix)
                return false;
            number = number * radix + digit;
        }
        if (negative)
            number = -number;
        return true;
    }

    public static bool TryFloat(string text, out double number)
    {
        string trimmed = Whitespace.TrimEnd(Whitespace.TrimStart(text)).ToString();
        string name = trimmed.TrimStart('+', '-').ToLowerInvariant();
        if (name is "inf" or "infinity" or "nan" && trimmed.Length - name.Length <= 1)
        {
            number = name == "nan" ? double.NaN : trimmed[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        number = 0;
        return trimmed.Length > 0 && trimmed.AsSpan().IndexOfAnyExcept(FloatCharacters) < 0
            && (!trimmed.Contains('_', StringComparison.Ordinal) || IsGrouped(trimmed))
            && double.TryParse(trimmed.Replace("_", "", StringComparison.Ordinal), Style, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>What a prefix such as 0x says; 0 where there is none.</summary>
    private static int RadixOf(ReadOnlySpan<char> digits) => digits.Length > 2 && digits[0] == '0'
        ? char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 }
        : 0;

    private static bool TryDropUnderscores(ReadOnlySpan<char> digits, out string plain)
    {
        plain = digits.ToString().Replace("_", "", StringComparison.Ordinal);
        return plain.Length > 0 && !digits.StartsWith('_') && !digits.EndsWith('_') && !digits.Contains("__", StringComparison.Ordinal);
    }

    /// <summary>Whether every underscore stands between two digits.</summary>
    private static bool IsGrouped(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '_' && !(IsDigit(at - 1) && IsDigit(at + 1)))
                return false;
        }
        return true;

        bool IsDigit(int at) => at >= 0 && at < text.Length && char.IsAsciiDigit(text[at]);
    }
}
