using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`[key]` or `.0`.</summary>
internal sealed class ItemLink(Expression key, int offset) : Link
{
    public override Value Apply(Value value, Rendering rendering)
    {
        Value at = key.Evaluate(rendering);
        rendering.At = offset;
        return Access.Item(value, at, rendering);
    }
}
