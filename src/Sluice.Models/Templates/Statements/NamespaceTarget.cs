using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <summary>`ns.attribute`.</summary>
/// <param name="name">Of the namespace, as a number in the template's name table.</param>
internal sealed class NamespaceTarget(int name, string attribute, int offset) : Target
{
    private readonly StringValue _attribute = new(attribute);

    public override void Assign(Value value, Rendering rendering)
    {
        rendering.At = offset;
        Value owner = rendering.Get(name);
        if (owner is not NamespaceValue space)
            throw new TemplateFault("cannot assign attribute on non-namespace object");
        space.Set(_attribute, value);
    }
}
