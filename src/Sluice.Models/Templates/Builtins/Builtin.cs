using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <param name="rendering">Whose limits the work counts against.</param>
/// <param name="input">What stands left of the filter, test or method.</param>
/// <param name="arguments">Bound to the builtin's parameters.</param>
internal delegate Value BuiltinBody(Rendering rendering, Value input, Arguments arguments);

/// <summary>A filter, a test or a method: a name, its parameters (see <see cref="Parameters"/>) and what it does.</summary>
internal sealed class Builtin(string name, string parameters, BuiltinBody body)
{
    private readonly Parameters _parameters = new(parameters);

    public string Name { get; } = name;

    public Value Apply(Rendering rendering, Value input, Arguments arguments) =>
        body(rendering, input, _parameters.Bind(Name, arguments));
}
