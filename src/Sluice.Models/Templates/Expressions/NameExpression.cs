using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <param name="name">Number in the template's name table.</param>
/// <param name="spelling">The name as written.</param>
internal sealed class NameExpression(int name, string spelling) : Expression
{
    public int Name { get; } = name;

    public string Spelling { get; } = spelling;

    public override Value Evaluate(Rendering rendering)
    {
        rendering.Meter.Step();
        return rendering.Get(Name);
    }
}
