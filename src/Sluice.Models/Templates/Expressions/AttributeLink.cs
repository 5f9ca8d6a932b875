using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`.name`: a method or property of the type, else the item of that name.</summary>
internal sealed class AttributeLink(string name, int offset) : Link
{
    private readonly StringValue _name = new(name);

    public override Value Apply(Value value, Rendering rendering)
    {
        rendering.At = offset;
        return Access.Attribute(value, _name);
    }
}
