using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>Python's comparisons.</summary>
internal static class Comparison
{
    public static bool Holds(ComparisonKind kind, Value left, Value right, Rendering rendering) => kind switch
    {
        ComparisonKind.Equal => AreEqual(left, right, rendering),
        ComparisonKind.NotEqual => !AreEqual(left, right, rendering),
        ComparisonKind.In => right.Contains(left, rendering),
        ComparisonKind.NotIn => !right.Contains(left, rendering),
        ComparisonKind.Less => Order(left, right, "<", rendering) < 0,
        ComparisonKind.LessOrEqual => Order(left, right, "<=", rendering) <= 0,
        ComparisonKind.Greater => Order(left, right, ">", rendering) > 0,
        _ => Order(left, right, ">=", rendering) >= 0,
    };

    public static bool AreEqual(Value left, Value right, Rendering rendering)
    {
        rendering.Meter.Step(Math.Min(left.Weight, right.Weight));
        return left.Equals(right);
    }

    /// <summary>Less than, equal to or greater than zero; null where a NaN makes every comparison false.</summary>
    public static int? Order(Value left, Value right, string @operator, Rendering rendering)
    {
        rendering.Meter.Step(Math.Min(left.Weight, right.Weight));
        switch (left, right)
        {
            case (StringValue a, StringValue b):
                return CodePoints.Compare(a.Content, b.Content);
            case (ArrayValue a, ArrayValue b) when a.Kind == b.Kind:
                return Order(a.Items, b.Items, @operator, rendering);
            case (UndefinedValue undefined, _):
                throw undefined.Fault();
            case (_, UndefinedValue undefined):
                throw undefined.Fault();
        }
        if (Numbers.TryFloat(left, out double leftNumber) && Numbers.TryFloat(right, out double rightNumber))
            return double.IsNaN(leftNumber) || double.IsNaN(rightNumber) ? null : Numbers.Compare(left, right);
        throw new TemplateFault($"'{@operator}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'");
    }

    /// <summary>The order of the first pair that differs, else of the lengths. Equal pairs need no order of their own.</summary>
    public static int? Order(Value[] left, Value[] right, string @operator, Rendering rendering)
    {
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (!left[i].Equals(right[i]))
                return Order(left[i], right[i], @operator, rendering);
        }
        return left.Length.CompareTo(right.Length);
    }
}
