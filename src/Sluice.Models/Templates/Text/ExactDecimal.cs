using System.Globalization;
using System.Numerics;

namespace Sluice.Models.Templates.Text;

/// <summary>
/// Floats as decimal digits, rounded from their exact binary value with ties to even, as Python does; .NET's own formats round ties
/// away from zero.
/// </summary>
internal static class ExactDecimal
{
    /// <summary>More digits than a float's exact value ever has.</summary>
    private const int MaxDigits = 1100;

    /// <summary>The number with this many digits behind the point; negative counts round before it.</summary>
    public static string Fixed(double number, int digits)
    {
        int kept = Math.Min(digits, MaxDigits);
        string text = Rounded(Math.Abs(number), kept).ToString(CultureInfo.InvariantCulture);
        if (kept <= 0)
            return Sign(number) + (text == "0" ? text : text + new string('0', -kept));
        text = text.PadLeft(kept + 1, '0');
        return $"{Sign(number)}{text[..^kept]}.{text[^kept..]}{new string('0', digits - kept)}";
    }

    /// <summary>One digit before the point, this many behind it, and the exponent.</summary>
    public static string Scientific(double number, int digits)
    {
        (string text, int exponent) = Significant(Math.Abs(number), digits + 1);
        string fraction = digits > 0 ? "." + text[1..] : "";
        return $"{Sign(number)}{text[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    /// <summary>This many significant digits, in the shorter notation; trailing zeros only on demand.</summary>
    public static string General(double number, int digits, bool keepZeros = false)
    {
        int wanted = Math.Max(digits, 1);
        (string text, int exponent) = Significant(Math.Abs(number), wanted);
        string result = exponent < -4 || exponent >= wanted ? Scientific(number, wanted - 1) : Fixed(number, wanted - 1 - exponent);
        if (keepZeros || !result.Contains('.', StringComparison.Ordinal))
            return result;
        int e = result.IndexOf('e', StringComparison.Ordinal);
        string tail = e < 0 ? "" : result[e..];
        return result[..(e < 0 ? result.Length : e)].TrimEnd('0').TrimEnd('.') + tail;
    }

    /// <summary>Python's round() of a float to this many digits.</summary>
    public static double Round(double number, int digits)
    {
        if (!double.IsFinite(number) || digits > 323)
            return number;
        if (digits < -310)
            return Math.CopySign(0, number);
        return double.Parse(Fixed(number, digits), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static string Sign(double number) => double.IsNegative(number) ? "-" : "";

    private static (string Digits, int Exponent) Significant(double number, int count)
    {
        count = Math.Min(count, MaxDigits);
        if (number == 0)
            return (new string('0', count), 0);
        int exponent = (int)Math.Floor(Math.Log10(number));
        // The logarithm, or rounding up to a further digit, can miss by one.
        while (true)
        {
            string digits = Rounded(number, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == count)
                return (digits, exponent);
            exponent += digits.Length > count ? 1 : -1;
        }
    }

    /// <summary>number × 10^digits as an integer, ties to even.</summary>
    private static BigInteger Rounded(double number, int digits)
    {
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xFFFFFFFFFFFFFL;
        if (exponent == 0)
            exponent = 1;
        else
            mantissa |= 1L << 52;
        exponent -= 1075;
        BigInteger numerator = mantissa, denominator = BigInteger.One;
        if (digits > 0)
            numerator *= BigInteger.Pow(10, digits);
        else
            denominator *= BigInteger.Pow(10, -digits);
        if (exponent > 0)
            numerator <<= exponent;
        else
            denominator <<= -exponent;
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        int half = (remainder * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
