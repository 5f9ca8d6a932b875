namespace Sluice.Models.Templates.Values;

/// <summary>What cycler() gives: values one after the other, and again from the first. Lives and dies in one rendering.</summary>
internal sealed class CyclerValue(Value[] items) : Value
{
    private int _position;

    public override string TypeName => "Cycler";

    public override Value? Attribute(StringValue name) => name.Content switch
    {
        "current" => items[_position],
        "next" => new FunctionValue("next", (_, _) => Next()),
        "reset" => new FunctionValue("reset", (_, _) => Reset()),
        _ => null,
    };

    public override void WriteRepr(TextOutput output) => output.Append("<Cycler>");

    private Value Next()
    {
        Value current = items[_position];
        _position = (_position + 1) % items.Length;
        return current;
    }

    private NoneValue Reset()
    {
        _position = 0;
        return NoneValue.Instance;
    }
}
