using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

internal sealed class DictExpression((Expression Key, Expression Value)[] items, int offset) : Expression
{
    public override Value Evaluate(Rendering rendering)
    {
        rendering.Meter.AllocateElements(items.Length * 6);
        var entries = new OrderedDictionary<Value, Value>(items.Length);
        foreach ((Expression keyExpression, Expression valueExpression) in items)
        {
            Value key = keyExpression.Evaluate(rendering);
            rendering.At = offset;
            rendering.Meter.Step(key.Weight);
            DictValue.RequireHashable(key);
            entries[key] = valueExpression.Evaluate(rendering);
        }
        rendering.At = offset;
        return new DictValue(entries);
    }
}
