using System.Globalization;
using System.Text.Json;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>A JSON number, digit by digit: nothing is rounded.</summary>
/// <param name="Negative">Never of zero.</param>
/// <param name="Whole">Digits before the point, without leading zeros.</param>
/// <param name="Fraction">Digits behind it, without trailing zeros.</param>
internal readonly record struct ExactNumber(bool Negative, string Whole, string Fraction)
{
    private const int MaxExponent = 400;

    public bool IsZero => Whole.Length + Fraction.Length == 0;

    public int Sign => IsZero ? 0 : Negative ? -1 : 1;

    public static ExactNumber Of(JsonElement json, string keyword)
    {
        if (json.ValueKind != JsonValueKind.Number)
            throw new GrammarException($"schema: {keyword} must be a number");
        string text = json.GetRawText();
        bool negative = text[0] == '-';
        int mark = text.AsSpan().IndexOfAny('e', 'E');
        string digits = mark < 0 ? text : text[..mark];
        int exponent = 0;
        if (mark >= 0 && (!int.TryParse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) ||
            Math.Abs(exponent) > MaxExponent))
            throw new GrammarException($"schema: {keyword} {text} has an exponent beyond {MaxExponent}");
        digits = digits.TrimStart('-');
        int point = digits.IndexOf('.');
        string all = digits.Replace(".", "", StringComparison.Ordinal);
        int place = (point < 0 ? digits.Length : point) + exponent;
        if (place < 0)
            (all, place) = (new string('0', -place) + all, 0);
        if (place > all.Length)
            all += new string('0', place - all.Length);
        string whole = all[..place].TrimStart('0'), fraction = all[place..].TrimEnd('0');
        return new ExactNumber(negative && whole.Length + fraction.Length > 0, whole, fraction);
    }

    /// <summary>As a count, where it is one: 2.0 is 2.</summary>
    public static int Count(JsonElement json, string keyword)
    {
        var number = Of(json, keyword);
        if (number.Negative || number.Fraction.Length > 0)
            throw new GrammarException($"schema: {keyword} must be a count");
        return number.Whole.Length == 0 ? 0 : number.Whole.Length > 9 ? int.MaxValue : int.Parse(number.Whole, CultureInfo.InvariantCulture);
    }
}
