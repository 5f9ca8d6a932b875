using Sluice.Models.Templates.Builtins;
using Sluice.Models.Templates.Statements;

namespace Sluice.Models.Templates.Values;

/// <summary>A macro, or the block of a call as its `caller`. Lives and dies in one rendering.</summary>
/// <param name="scope">Where it was defined: what it sees besides its parameters.</param>
internal sealed class MacroValue(MacroSignature signature, Block body, Scope? scope) : Value
{
    private static readonly StringValue CallerName = new("caller");

    public override string TypeName => "Macro";

    public override bool IsCallable => true;

    public override Value? Attribute(StringValue name) => name.Content switch
    {
        "name" => signature.Name is null ? NoneValue.Instance : new StringValue(signature.Name),
        "arguments" => new TupleValue([.. signature.Parameters.Select(parameter => new StringValue(parameter.Spelling))]),
        "catch_kwargs" => BooleanValue.Of(signature.Keywords is not null),
        "catch_varargs" => BooleanValue.Of(signature.Extra is not null),
        "caller" => BooleanValue.Of(signature.Caller is not null),
        _ => null,
    };

    public override Value Call(Rendering rendering, Arguments arguments)
    {
        rendering.Enter();
        var locals = new Scope(scope);
        Scope? outer = rendering.Scope;
        // Defaults see the parameters before them.
        rendering.Scope = locals;
        Bind(locals, arguments, rendering);
        rendering.Scope = outer;
        body.Capture(locals, rendering, out string text);
        rendering.Leave();
        return new StringValue(text);
    }

    public override void WriteRepr(TextOutput output) =>
        output.Append(signature.Name is null ? "<Macro anonymous>" : $"<Macro '{signature.Name}'>");

    private void Bind(Scope locals, Arguments arguments, Rendering rendering)
    {
        var keywords = new OrderedDictionary<Value, Value>();
        foreach ((string name, Value value) in arguments.Keywords)
            keywords[new StringValue(name)] = value;

        var positional = arguments.Positional;
        for (int i = 0; i < signature.Parameters.Length; i++)
        {
            MacroParameter parameter = signature.Parameters[i];
            Value? value = i < positional.Length ? positional[i] : null;
            if (value is null && keywords.Remove(new StringValue(parameter.Spelling), out Value? named))
                value = named;
            locals.Set(parameter.Name, value ?? Default(parameter, rendering));
        }
        if (signature.Caller is { } caller)
            locals.Set(caller, keywords.Remove(CallerName, out Value? block) ? block : UndefinedValue.Because("no caller defined"));
        if (signature.Keywords is { } rest)
            locals.Set(rest, new DictValue(keywords));
        else if (keywords.Count > 0)
            throw new TemplateFault($"macro '{signature.Name}' takes no keyword argument '{((StringValue)keywords.GetAt(0).Key).Content}'");
        if (signature.Extra is { } extra)
            locals.Set(extra, new TupleValue([.. positional.Skip(signature.Parameters.Length).Select(value => value!)]));
        else if (positional.Length > signature.Parameters.Length)
            throw new TemplateFault($"macro '{signature.Name}' takes not more than {signature.Parameters.Length} argument(s)");
    }

    private static Value Default(MacroParameter parameter, Rendering rendering) =>
        parameter.Default?.Evaluate(rendering) ?? UndefinedValue.Because($"parameter '{parameter.Spelling}' was not provided");
}
