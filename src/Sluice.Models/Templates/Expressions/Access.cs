using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>jinja2's two ways into a value. Both look in both places, in different order; undefined where neither has it.</summary>
internal static class Access
{
    public static Value Attribute(Value owner, StringValue name) =>
        owner.Attribute(name) ?? owner.Item(name) ?? UndefinedValue.Missing(owner, name);

    public static Value Item(Value owner, Value key, Rendering rendering)
    {
        rendering.Meter.Step(key.Weight);
        return owner.Item(key) ?? (key is StringValue name ? owner.Attribute(name) : null) ?? UndefinedValue.Missing(owner, key);
    }
}
