using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

internal sealed class NotExpression(Expression operand) : Expression
{
    public override Value Evaluate(Rendering rendering) => BooleanValue.Of(!operand.Evaluate(rendering).IsTrue);
}
