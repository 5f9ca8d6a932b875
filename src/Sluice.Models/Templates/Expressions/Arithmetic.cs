using System.Numerics;
using Sluice.Models.Templates.Syntax;
using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>Python's binary operators.</summary>
internal static class Arithmetic
{
    public static Value Apply(TokenKind @operator, Value left, Value right, Rendering rendering)
    {
        if (left is StringValue format && @operator == TokenKind.Modulo)
            return format.With(PercentFormat.Apply(format.Content, right, rendering));
        if (left is UndefinedValue undefinedLeft)
            throw undefinedLeft.Fault();
        if (right is UndefinedValue undefinedRight)
            throw undefinedRight.Fault();
        if (Numbers.TryInteger(left, out BigInteger a) && Numbers.TryInteger(right, out BigInteger b))
            return Integers(@operator, a, b);
        if (Numbers.TryFloat(left, out double x) && Numbers.TryFloat(right, out double y))
            return new FloatValue(Floats(@operator, x, y));
        return @operator switch
        {
            TokenKind.Add => Join(left, right, rendering),
            TokenKind.Multiply => Repeat(left, right, rendering),
            _ => throw Unsupported(@operator, left, right),
        };
    }

    /// <summary>Python's +.</summary>
    public static Value Add(Value left, Value right, Rendering rendering) => Apply(TokenKind.Add, left, right, rendering);

    private static Value Integers(TokenKind @operator, BigInteger a, BigInteger b)
    {
        switch (@operator)
        {
            case TokenKind.Add:
                return IntegerValue.Of(a + b);
            case TokenKind.Subtract:
                return IntegerValue.Of(a - b);
            case TokenKind.Multiply:
                return IntegerValue.Of(a * b);
            case TokenKind.Power when b >= 0:
                return IntegerValue.Of(Power(a, b));
            case TokenKind.Power:
                return new FloatValue(Floats(@operator, (double)a, (double)b));
        }
        if (b.IsZero)
            throw new TemplateFault("division by zero");
        if (@operator == TokenKind.Divide)
            return new FloatValue((double)a / (double)b);
        BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger remainder);
        bool adjust = !remainder.IsZero && remainder.Sign != b.Sign;
        return IntegerValue.Of(@operator == TokenKind.Modulo
            ? adjust ? remainder + b : remainder
            : adjust ? quotient - 1 : quotient);
    }

    private static BigInteger Power(BigInteger a, BigInteger b)
    {
        if (a.IsZero || a.IsOne)
            return b.IsZero ? BigInteger.One : a;
        if (a == BigInteger.MinusOne)
            return b.IsEven ? BigInteger.One : a;
        if (b * (a.GetBitLength() - 1) > IntegerValue.MaxDigits * 4)
            throw new TemplateFault($"an integer grows beyond {IntegerValue.MaxDigits} digits");
        return BigInteger.Pow(a, (int)b);
    }

    private static double Floats(TokenKind @operator, double a, double b)
    {
        switch (@operator)
        {
            case TokenKind.Add:
                return a + b;
            case TokenKind.Subtract:
                return a - b;
            case TokenKind.Multiply:
                return a * b;
            case TokenKind.Power when a == 0 && b < 0:
                throw new TemplateFault("0.0 cannot be raised to a negative power");
            case TokenKind.Power when a < 0 && !double.IsInteger(b) && double.IsFinite(b):
                throw new TemplateFault("a negative number has no real power of a fraction");
            case TokenKind.Power:
                return Math.Pow(a, b);
        }
        if (b == 0)
            throw new TemplateFault("float division by zero");
        if (@operator == TokenKind.Divide)
            return a / b;
        (double quotient, double remainder) = DivideFloor(a, b);
        return @operator == TokenKind.Modulo ? remainder : quotient;
    }

    /// <summary>As CPython does it: the remainder takes the sign of the divisor, and the quotient follows from it.</summary>
    private static (double Quotient, double Remainder) DivideFloor(double a, double b)
    {
        double remainder = a % b;
        double quotient = (a - remainder) / b;
        if (remainder == 0)
        {
            remainder = Math.CopySign(0, b);
        }
        else if ((b < 0) != (remainder < 0))
        {
            remainder += b;
            quotient--;
        }
        if (quotient == 0)
            return (Math.CopySign(0, a / b), remainder);
        double floor = Math.Floor(quotient);
        return (quotient - floor > 0.5 ? floor + 1 : floor, remainder);
    }

    private static Value Join(Value left, Value right, Rendering rendering)
    {
        switch (left, right)
        {
            case (StringValue a, StringValue b):
                rendering.Meter.AllocateText((long)a.Content.Length + b.Content.Length);
                if (a.IsMarkup == b.IsMarkup)
                    return a.With(a.Content + b.Content);
                return new StringValue(Markup.Escape(a, rendering) + Markup.Escape(b, rendering), isMarkup: true);
            case (ArrayValue a, ArrayValue b) when a.Kind == b.Kind:
                rendering.Meter.AllocateElements((long)a.Items.Length + b.Items.Length);
                return a.Like([.. a.Items, .. b.Items]);
            case (StringValue or ArrayValue, _):
                throw new TemplateFault($"can only concatenate {left.TypeName} (not \"{right.TypeName}\") to {left.TypeName}");
        }
        throw Unsupported(TokenKind.Add, left, right);
    }

    private static Value Repeat(Value left, Value right, Rendering rendering)
    {
        (Value sequence, Value times) = left is StringValue or ArrayValue ? (left, right) : (right, left);
        if (!Numbers.TryInteger(times, out BigInteger number))
            throw Unsupported(TokenKind.Multiply, left, right);
        int count = (int)BigInteger.Max(0, BigInteger.Min(number, int.MaxValue));
        switch (sequence)
        {
            case StringValue text:
                rendering.Meter.AllocateText((long)text.Content.Length * count);
                return text.With(text.Content.Length == 0 ? "" : Padding.Repeat(text.Content, count));
            case ArrayValue array:
                rendering.Meter.AllocateElements((long)array.Items.Length * count);
                var items = new Value[array.Items.Length * count];
                for (int i = 0; i < items.Length; i++)
                    items[i] = array.Items[i % array.Items.Length];
                return array.Like(items);
        }
        throw Unsupported(TokenKind.Multiply, left, right);
    }

    private static TemplateFault Unsupported(TokenKind @operator, Value left, Value right)
    {
        string symbol = @operator switch
        {
            TokenKind.Add => "+",
            TokenKind.Subtract => "-",
            TokenKind.Multiply => "*",
            TokenKind.Divide => "/",
            TokenKind.FloorDivide => "//",
            TokenKind.Modulo => "%",
            _ => "**",
        };
        return new TemplateFault($"unsupported operand type(s) for {symbol}: '{left.TypeName}' and '{right.TypeName}'");
    }
}
