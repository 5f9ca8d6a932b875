using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`a or b or c`, `a and b and c`: the first operand that decides, else the last.</summary>
/// <param name="deciding">The truth that ends it: true for or, false for and.</param>
internal sealed class LogicExpression(Expression[] operands, bool deciding) : Expression
{
    public override Value Evaluate(Rendering rendering)
    {
        rendering.Meter.Step(operands.Length);
        Value value = NoneValue.Instance;
        foreach (Expression operand in operands)
        {
            value = operand.Evaluate(rendering);
            if (value.IsTrue == deciding)
                break;
        }
        return value;
    }
}
