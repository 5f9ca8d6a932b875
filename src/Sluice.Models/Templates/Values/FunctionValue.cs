using Sluice.Models.Templates.Builtins;

namespace Sluice.Models.Templates.Values;

/// <summary>A function of the language: a global, or a method bound to its object.</summary>
internal sealed class FunctionValue(string name, Func<Rendering, Arguments, Value> body) : Value
{
    public override string TypeName => "builtin_function_or_method";

    public override bool IsCallable => true;

    public override Value Call(Rendering rendering, Arguments arguments) => body(rendering, arguments);

    public override void WriteRepr(TextOutput output) => output.Append($"<built-in function {name}>");
}
