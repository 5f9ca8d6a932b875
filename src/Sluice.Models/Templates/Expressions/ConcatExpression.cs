using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`a ~ b ~ c`: the operands as text, one after the other.</summary>
internal sealed class ConcatExpression(Expression[] operands) : Expression
{
    public override Value Evaluate(Rendering rendering)
    {
        rendering.Meter.Step(operands.Length);
        var values = new Value[operands.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = operands[i].Evaluate(rendering);
        int start = rendering.Output.Length;
        foreach (Value value in values)
            value.Write(rendering.Output);
        return new StringValue(rendering.Output.Cut(start));
    }
}
