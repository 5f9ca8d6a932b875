using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>A list or tuple display.</summary>
internal sealed class ArrayExpression(Expression[] items, bool isTuple) : Expression
{
    public Expression[] Items { get; } = items;

    public bool IsTuple { get; } = isTuple;

    public override Value Evaluate(Rendering rendering)
    {
        rendering.Meter.AllocateElements(Items.Length);
        var values = new Value[Items.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = Items[i].Evaluate(rendering);
        return IsTuple ? new TupleValue(values) : new ListValue(values);
    }
}
