using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`-x` or `+x`.</summary>
internal sealed class SignExpression(Expression operand, bool negative, int offset) : Expression
{
    public override Value Evaluate(Rendering rendering)
    {
        Value value = operand.Evaluate(rendering);
        rendering.At = offset;
        if (value is UndefinedValue undefined)
            throw undefined.Fault();
        if (value is FloatValue real)
            return negative ? new FloatValue(-real.Number) : value;
        if (!Numbers.TryInteger(value, out var number))
            throw new TemplateFault($"bad operand type for unary {(negative ? '-' : '+')}: '{value.TypeName}'");
        return IntegerValue.Of(negative ? -number : number);
    }
}
