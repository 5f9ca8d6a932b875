using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

internal sealed class ConstantExpression(Value value) : Expression
{
    public Value Value { get; } = value;

    public override Value Evaluate(Rendering rendering) => Value;
}
