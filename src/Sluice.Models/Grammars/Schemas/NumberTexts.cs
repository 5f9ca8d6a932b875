using System.Numerics;
using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>
/// Sets of numbers as the texts that JSON writes them with. Where a schema compares or divides numbers all of them are decimals without
/// an exponent, so that every set and its complement are exact.
/// </summary>
internal static class NumberTexts
{
    private const string Digits = "-.0123456789";
    private const int MaxDivisor = 20_000;

    public static readonly CharDfa Decimals = Matching(@"-?(0|[1-9]\d*)(\.\d+)?");

    /// <summary>Decimals, and what programs write for the very large and the very small: one digit before the point, no zero at the end.</summary>
    public static readonly CharDfa All = CharSets.Union(Decimals, Matching(@"-?[1-9](\.\d{0,16}[1-9])?[eE][+-]?\d{1,3}"));

    /// <summary>Those without a fraction, whatever they are written like: 1.0 is one.</summary>
    public static readonly CharDfa Integers = CharSets.Union(
        Matching(@"-?(0|[1-9]\d*)(\.0+)?"), CharSets.Intersect(All, CharExplorer.Explore<Scientific>(default, "-+.eE0123456789", Step, IsInteger)));

    /// <summary>The decimals that compare to a number so.</summary>
    /// <param name="wanted">Of -1, 0, 1 for less, equal and greater.</param>
    public static CharDfa Compared(ExactNumber number, Func<int, bool> wanted)
    {
        return CharExplorer.Explore<Compare>(default, Digits, Step, state => state.Ends && wanted(Sign(state)));

        Compare? Step(Compare s, char c)
        {
            switch (s.Phase)
            {
                case 0 when c == '-': return s with { Phase = 1, Negative = true };
                case 0 or 1 when c == '0': return s with { Phase = 2 };
                case 0 or 1 or 3 when char.IsAsciiDigit(c):
                    int order = s.Order != 0 || s.Place >= number.Whole.Length ? s.Order : c.CompareTo(number.Whole[s.Place]);
                    return s with { Phase = 3, Order = Math.Sign(order), Place = Math.Min(s.Place + 1, number.Whole.Length + 1), Some = true };
                case 2 or 3 when c == '.': return s with { Phase = 4, Order = WholeOrder(s), Place = 0 };
                case 4 or 5 when char.IsAsciiDigit(c):
                    char digit = s.Place < number.Fraction.Length ? number.Fraction[s.Place] : '0';
                    return s with
                    {
                        Phase = 5,
                        Order = s.Order != 0 ? s.Order : Math.Sign(c.CompareTo(digit)),
                        Place = Math.Min(s.Place + 1, number.Fraction.Length),
                        Some = s.Some || c != '0',
                    };
                default: return null;
            }
        }

        int WholeOrder(Compare s) =>
            s.Place != number.Whole.Length ? Math.Sign(s.Place.CompareTo(number.Whole.Length)) : s.Order;

        int Sign(Compare s)
        {
            int order = s.Phase < 4 ? WholeOrder(s) : s.Order;
            int left = s.Phase < 4 ? number.Fraction.Length : number.Fraction.Length - s.Place;
            int magnitude = order != 0 ? order : left > 0 ? -1 : 0;
            int sign = !s.Some ? 0 : s.Negative ? -1 : 1;
            return sign != number.Sign ? Math.Sign(sign - number.Sign) : sign * magnitude;
        }
    }

    /// <summary>The decimals that are so many times a number.</summary>
    public static CharDfa Multiples(ExactNumber number)
    {
        int places = number.Fraction.Length;
        if (number.Sign <= 0 || places > 100 || !BigInteger.TryParse(number.Whole + number.Fraction, out var scaled) || scaled > MaxDivisor)
            throw new GrammarException(number.Sign <= 0
                ? "schema: multipleOf must be greater than zero"
                : $"schema: multipleOf of more than {MaxDivisor} units of its last digit is not supported");
        int divisor = (int)scaled;
        return CharExplorer.Explore<Rest>(default, Digits, Step, Divides);

        Rest? Step(Rest s, char c)
        {
            switch (s.Phase)
            {
                case 0 when c == '-': return s with { Phase = 1 };
                case 0 or 1 when c == '0': return s with { Phase = 2 };
                case 0 or 1 or 3 when char.IsAsciiDigit(c): return s with { Phase = 3, Value = Next(s.Value, c) };
                case 2 or 3 when c == '.': return s with { Phase = 4 };
                case 4 or 5 when char.IsAsciiDigit(c) && s.Place < places:
                    return new Rest(5, Next(s.Value, c), s.Place + 1);
                case 4 or 5 when c == '0': return s with { Phase = 5 };
                default: return null;
            }
        }

        int Next(int value, char c) => ((value * 10) + c - '0') % divisor;

        bool Divides(Rest s)
        {
            if (s.Phase is not (2 or 3 or 5))
                return false;
            int value = s.Value;
            for (int place = s.Place; place < places; place++)
                value = value * 10 % divisor;
            return value == 0;
        }
    }

    private static CharDfa Matching(string regex) => CharNfa.Compile(RegexParser.Parse(regex));

    // A number with an exponent is an integer where that moves the point beyond the last digit of its fraction, which is not zero.
    private static Scientific? Step(Scientific s, char c) => s.Phase switch
    {
        0 when c == '-' => s,
        0 when char.IsAsciiDigit(c) => s with { Phase = 1 },
        1 when c == '.' => s with { Phase = 2 },
        2 when char.IsAsciiDigit(c) && s.Places < 20 => s with { Places = s.Places + 1 },
        1 or 2 when c is 'e' or 'E' => s with { Phase = 3 },
        3 when c == '+' => s with { Phase = 4 },
        3 when c == '-' => s with { Phase = 4, Down = true },
        3 or 4 or 5 when char.IsAsciiDigit(c) => s with { Phase = 5, Exponent = Math.Min((s.Exponent * 10) + c - '0', 20) },
        _ => null,
    };

    private static bool IsInteger(Scientific s) => s.Phase == 5 && (s.Down ? s.Exponent == 0 && s.Places == 0 : s.Exponent >= s.Places);

    /// <param name="Phase">0 at the start, 1 behind the sign, 2 behind a leading zero, 3 in the whole, 4 behind the point, 5 in the fraction.</param>
    /// <param name="Order">How the digits so far compare.</param>
    /// <param name="Place">Digits read of this part.</param>
    /// <param name="Some">Whether one of them was not zero.</param>
    private readonly record struct Compare(int Phase, bool Negative, int Order, int Place, bool Some)
    {
        public bool Ends => Phase is 2 or 3 or 5;
    }

    /// <param name="Phase">As in <see cref="Compare"/>.</param>
    /// <param name="Value">What the digits so far leave when divided.</param>
    private readonly record struct Rest(int Phase, int Value, int Place);

    private readonly record struct Scientific(int Phase, int Places, bool Down, int Exponent);
}
