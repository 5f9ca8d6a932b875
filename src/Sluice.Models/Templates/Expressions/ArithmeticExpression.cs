using Sluice.Models.Templates.Syntax;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>Operators of one rank, from left to right: `a + b - c`.</summary>
internal sealed class ArithmeticExpression(Expression first, (Token Operator, Expression Operand)[] rest) : Expression
{
    public override Value Evaluate(Rendering rendering)
    {
        Value value = first.Evaluate(rendering);
        foreach ((Token @operator, Expression operand) in rest)
        {
            Value right = operand.Evaluate(rendering);
            rendering.At = @operator.Offset;
            rendering.Meter.Step();
            value = Arithmetic.Apply(@operator.Kind, value, right, rendering);
        }
        return value;
    }
}
