using System.Numerics;
using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Syntax;
using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Filters over numbers.</summary>
internal static class NumberFilters
{
    public static readonly Builtin[] All =
    [
        new("int", "default? base?", ToInteger),
        new("float", "default?", ToFloat),
        new("abs", "", Absolute),
        new("round", "precision? method?", Round),
    ];

    private static Value ToInteger(Rendering rendering, Value input, Arguments arguments)
    {
        Value otherwise = arguments[0] ?? IntegerValue.Of(0);
        switch (input)
        {
            case UndefinedValue undefined:
                throw undefined.Fault();
            case FloatValue { Number: var number }:
                if (double.IsInfinity(number))
                    throw new TemplateFault("cannot convert float infinity to integer");
                return double.IsNaN(number) ? otherwise : IntegerValue.Of(new BigInteger(number));
            case StringValue text:
                rendering.Meter.Inspect(text.Content.Length);
                if (NumberText.TryInteger(text.Content, arguments.Integer(1, 10), out BigInteger parsed))
                    return IntegerValue.Of(parsed);
                // "42.23" gives 42.
                return NumberText.TryFloat(text.Content, out double real) && double.IsFinite(real)
                    ? IntegerValue.Of(new BigInteger(real))
                    : otherwise;
            default:
                return Numbers.TryInteger(input, out BigInteger integer) ? IntegerValue.Of(integer) : otherwise;
        }
    }

    private static Value ToFloat(Rendering rendering, Value input, Arguments arguments)
    {
        if (input is UndefinedValue undefined)
            throw undefined.Fault();
        rendering.Meter.Inspect((input as StringValue)?.Content.Length ?? 0);
        bool isNumber = input is StringValue text
            ? NumberText.TryFloat(text.Content, out double number)
            : Numbers.TryFloat(input, out number);
        return isNumber ? new FloatValue(number) : arguments[0] ?? new FloatValue(0);
    }

    private static Value Absolute(Rendering rendering, Value input, Arguments arguments) => input switch
    {
        FloatValue real => new FloatValue(Math.Abs(real.Number)),
        _ when Numbers.TryInteger(input, out BigInteger number) => IntegerValue.Of(BigInteger.Abs(number)),
        _ => throw new TemplateFault($"bad operand type for abs(): '{input.TypeName}'"),
    };

    private static Value Round(Rendering rendering, Value input, Arguments arguments)
    {
        int digits = arguments.Integer(0);
        string method = arguments.Text(1) ?? "common";
        if (method is not ("common" or "ceil" or "floor"))
            throw new TemplateFault("the method of round must be common, ceil or floor");
        if (input is UndefinedValue undefined)
            throw undefined.Fault();
        if (!Numbers.TryFloat(input, out double number))
            throw new TemplateFault($"type {input.TypeName} cannot be rounded");
        if (method != "common")
            return Towards(method, input, digits, rendering);
        return input is FloatValue ? new FloatValue(ExactDecimal.Round(number, digits)) : RoundInteger(input, digits);
    }

    /// <summary>As jinja2 reckons it: scaled by a power of ten, which for a negative precision is itself a float.</summary>
    private static Value Towards(string method, Value input, int digits, Rendering rendering)
    {
        Value scale = Arithmetic.Apply(TokenKind.Power, IntegerValue.Of(10), IntegerValue.Of(digits), rendering);
        Value scaled = Arithmetic.Apply(TokenKind.Multiply, input, scale, rendering);
        if (scaled is FloatValue { Number: var number })
        {
            if (!double.IsFinite(number))
                throw new TemplateFault("cannot round an infinite number or NaN to an integer");
            scaled = IntegerValue.Of(new BigInteger(method == "ceil" ? Math.Ceiling(number) : Math.Floor(number)));
        }
        return Arithmetic.Apply(TokenKind.Divide, scaled, scale, rendering);
    }

    private static IntegerValue RoundInteger(Value input, int digits)
    {
        Numbers.TryInteger(input, out BigInteger number);
        if (digits >= 0)
            return IntegerValue.Of(number);
        if (-digits > IntegerValue.MaxDigits)
            return IntegerValue.Of(0);
        BigInteger unit = BigInteger.Pow(10, -digits);
        BigInteger quotient = BigInteger.DivRem(BigInteger.Abs(number), unit, out BigInteger remainder);
        int half = (remainder * 2).CompareTo(unit);
        if (half > 0 || (half == 0 && !quotient.IsEven))
            quotient++;
        return IntegerValue.Of(quotient * unit * number.Sign);
    }
}
