using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`then if condition else otherwise`; without an else the value is undefined.</summary>
internal sealed class ConditionalExpression(Expression condition, Expression then, Expression? otherwise) : Expression
{
    private static readonly UndefinedValue NoElse =
        UndefinedValue.Because("the inline if-expression evaluated to false and no else section was defined");

    public override Value Evaluate(Rendering rendering)
    {
        rendering.Meter.Step();
        return condition.Evaluate(rendering).IsTrue ? then.Evaluate(rendering) : otherwise?.Evaluate(rendering) ?? NoElse;
    }
}
