using Sluice.Models.Templates.Builtins;

namespace Sluice.Models.Templates.Values;

/// <summary>What a missing name or attribute gives: prints as nothing, iterates over nothing, is false; anything else fails.</summary>
internal sealed class UndefinedValue : Value
{
    private readonly string? _problem;
    private readonly Value? _owner;
    private readonly Value? _key;

    private UndefinedValue(string? problem, Value? owner, Value? key) => (_problem, _owner, _key) = (problem, owner, key);

    public override string TypeName => "Undefined";

    public override bool IsTrue => false;

    // Undefined has every operator in Python, the call among them; all but a few raise.
    public override bool IsCallable => true;

    public override int? Length => 0;

    public override IEnumerable<Value> Elements => [];

    public static UndefinedValue Named(string name) => new($"'{name}' is undefined", null, null);

    public static UndefinedValue Because(string problem) => new(problem, null, null);

    /// <summary>The owner has nothing under this key; worded only when needed, for most templates test and move on.</summary>
    public static UndefinedValue Missing(Value owner, Value key) => new(null, owner, key);

    /// <summary>The method exists in Python but changes its object, which the sandbox forbids.</summary>
    public static UndefinedValue Unsafe(string type, string method) =>
        new($"access to attribute '{method}' of '{type}' object is unsafe: templates may not change values", null, null);

    public TemplateFault Fault()
    {
        if (_problem is not null)
            return new TemplateFault(_problem);
        string owner = _owner is NoneValue ? "None" : $"{_owner!.TypeName} object";
        return new TemplateFault(_key switch
        {
            StringValue name => $"'{owner}' has no attribute '{name.Content}'",
            IntegerValue index => $"{owner} has no element {index.Number}",
            _ => $"{owner} has no such element",
        });
    }

    public override void Write(TextOutput output) { }

    public override string Text(Rendering rendering) => "";

    public override void WriteRepr(TextOutput output) => output.Append("Undefined");

    public override Value? Attribute(StringValue name) => throw Fault();

    public override Value? Item(Value key) => throw Fault();

    public override Value Slice(SliceBounds bounds, Rendering rendering) => throw Fault();

    public override Value Call(Rendering rendering, Arguments arguments) => throw Fault();

    public override bool Equals(Value? other) => other is UndefinedValue;

    public override int GetHashCode() => 0;
}
