using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`a &lt; b &lt;= c`, as in mathematics: every neighbouring pair must hold.</summary>
internal sealed class ComparisonExpression(Expression first, (ComparisonKind Kind, int Offset, Expression Operand)[] rest) : Expression
{
    public override Value Evaluate(Rendering rendering)
    {
        Value left = first.Evaluate(rendering);
        foreach ((ComparisonKind kind, int offset, Expression operand) in rest)
        {
            Value right = operand.Evaluate(rendering);
            rendering.At = offset;
            rendering.Meter.Step();
            if (!Comparison.Holds(kind, left, right, rendering))
                return BooleanValue.False;
            left = right;
        }
        return BooleanValue.True;
    }
}
