using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <summary>`a, b`: the value must have as many elements.</summary>
internal sealed class TupleTarget(Target[] targets, int offset) : Target
{
    public override void Assign(Value value, Rendering rendering)
    {
        rendering.At = offset;
        if (value.Elements is null)
            throw new TemplateFault($"cannot unpack non-iterable {value.TypeName} object");
        Value[] items = Sequence.Items(value, rendering);
        if (items.Length < targets.Length)
            throw new TemplateFault($"not enough values to unpack (expected {targets.Length}, got {items.Length})");
        if (items.Length > targets.Length)
            throw new TemplateFault($"too many values to unpack (expected {targets.Length})");
        for (int i = 0; i < items.Length; i++)
            targets[i].Assign(items[i], rendering);
    }
}
