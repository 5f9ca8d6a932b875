using Sluice.Models.Templates.Builtins;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`| name(…)`. A name that no filter has fails when it is reached, for a template may guard it.</summary>
internal sealed class FilterLink(string name, ArgumentList arguments, int offset) : Link
{
    private readonly Builtin? _filter = Filters.Find(name);

    public override Value Apply(Value value, Rendering rendering)
    {
        Arguments given = arguments.Evaluate(rendering);
        rendering.At = offset;
        Builtin filter = _filter ?? throw new TemplateFault($"no filter named '{name}'");
        return filter.Apply(rendering, value, given);
    }
}
