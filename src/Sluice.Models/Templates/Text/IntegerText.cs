using System.Globalization;
using System.Numerics;
using System.Text;

namespace Sluice.Models.Templates.Text;

/// <summary>Integers in other bases, and with marks between groups of digits.</summary>
internal static class IntegerText
{
    /// <param name="number">Not negative.</param>
    /// <param name="type">Python's format type: b, o, x or X; decimal otherwise.</param>
    public static string Digits(BigInteger number, char type) => type switch
    {
        'b' => InBase(number, 2),
        'o' => InBase(number, 8),
        'x' => InBase(number, 16),
        'X' => InBase(number, 16).ToUpperInvariant(),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The character of this code.</summary>
    public static string Character(BigInteger code) => code >= 0 && code <= 0x10FFFF && Rune.TryCreate((int)code, out Rune rune)
        ? rune.ToString()
        : throw new TemplateFault("%c takes the code of a character");

    /// <param name="width">Zeros fill the digits up to this width, marks included.</param>
    public static string Group(string digits, char mark, int size, int width)
    {
        while (digits.Length + (digits.Length - 1) / size < width)
            digits = "0" + digits;
        var grouped = new StringBuilder();
        for (int i = 0; i < digits.Length; i++)
        {
            if (i > 0 && (digits.Length - i) % size == 0)
                grouped.Append(mark);
            grouped.Append(digits[i]);
        }
        return grouped.ToString();
    }

    private static string InBase(BigInteger number, int radix)
    {
        if (number.IsZero)
            return "0";
        var digits = new StringBuilder();
        for (; !number.IsZero; number /= radix)
            digits.Insert(0, "0123456789abcdef"[(int)(number % radix)]);
        return digits.ToString();
    }
}
