using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <param name="name">Number in the template's name table.</param>
internal sealed class NameTarget(int name) : Target
{
    public override void Assign(Value value, Rendering rendering) => rendering.Set(name, value);
}
