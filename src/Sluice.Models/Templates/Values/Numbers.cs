using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Sluice.Models.Templates.Values;

/// <summary>What bool, int and float have in common.</summary>
internal static class Numbers
{
    public static bool TryInteger([NotNullWhen(true)] Value? value, out BigInteger number)
    {
        (bool isInteger, number) = value switch
        {
            IntegerValue integer => (true, integer.Number),
            BooleanValue boolean => (true, boolean.Integer),
            _ => (false, default),
        };
        return isInteger;
    }

    /// <summary>Any number as a float.</summary>
    public static bool TryFloat([NotNullWhen(true)] Value? value, out double number)
    {
        if (value is FloatValue real)
        {
            number = real.Number;
            return true;
        }
        bool isInteger = TryInteger(value, out BigInteger integer);
        number = (double)integer;
        return isInteger;
    }

    public static bool AreEqual(Value left, Value? right) => Compare(left, right) == 0;

    /// <summary>Less than, equal to or greater than zero, exact between int and float; null where one is NaN or no number.</summary>
    public static int? Compare(Value left, Value? right)
    {
        bool leftExact = TryInteger(left, out BigInteger leftInteger), rightExact = TryInteger(right, out BigInteger rightInteger);
        if (leftExact && rightExact)
            return leftInteger.CompareTo(rightInteger);
        if (leftExact && right is FloatValue rightFloat)
            return Compare(leftInteger, rightFloat.Number);
        if (left is not FloatValue leftFloat)
            return null;
        if (rightExact)
            return -Compare(rightInteger, leftFloat.Number);
        return right is FloatValue other && !double.IsNaN(leftFloat.Number) && !double.IsNaN(other.Number)
            ? leftFloat.Number.CompareTo(other.Number)
            : null;
    }

    private static int? Compare(BigInteger integer, double real)
    {
        if (double.IsNaN(real))
            return null;
        if (double.IsInfinity(real))
            return real > 0 ? -1 : 1;
        int whole = integer.CompareTo(new BigInteger(Math.Floor(real)));
        return whole != 0 ? whole : double.IsInteger(real) ? 0 : -1;
    }
}
