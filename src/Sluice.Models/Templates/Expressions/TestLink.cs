using Sluice.Models.Templates.Builtins;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>`is name(…)`, `is not name`. A name that no test has fails when it is reached, for a template may guard it.</summary>
internal sealed class TestLink(string name, bool negated, ArgumentList arguments, int offset) : Link
{
    private readonly Builtin? _test = Tests.Find(name);

    public override Value Apply(Value value, Rendering rendering)
    {
        Arguments given = arguments.Evaluate(rendering);
        rendering.At = offset;
        Builtin test = _test ?? throw new TemplateFault($"no test named '{name}'");
        Value result = test.Apply(rendering, value, given);
        return negated ? BooleanValue.Of(!result.IsTrue) : result;
    }
}
