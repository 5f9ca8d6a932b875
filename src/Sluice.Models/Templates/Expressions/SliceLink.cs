using System.Numerics;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`[start:stop:step]`.</summary>
internal sealed class SliceLink(Expression? start, Expression? stop, Expression? step, int offset) : Link
{
    public override Value Apply(Value value, Rendering rendering)
    {
        rendering.At = offset;
        var bounds = new SliceBounds(Bound(start, rendering), Bound(stop, rendering), Bound(step, rendering));
        rendering.At = offset;
        return value.Slice(bounds, rendering);
    }

    private static BigInteger? Bound(Expression? expression, Rendering rendering)
    {
        Value value = expression?.Evaluate(rendering) ?? NoneValue.Instance;
        if (value is NoneValue)
            return null;
        return Numbers.TryInteger(value, out BigInteger number)
            ? number
            : throw new TemplateFault("slice indices must be integers or None");
    }
}
