using Sluice.Models.Templates.Builtins;

namespace Sluice.Models.Templates.Values;

internal sealed class ListValue(Value[] items) : ArrayValue(items)
{
    public override string TypeName => "list";

    public override string Kind => TypeName;

    public override bool IsHashable => false;

    public override ArrayValue Like(Value[] items) => new ListValue(items);

    public override Value? Attribute(StringValue name) => SequenceMethods.List.Find(this, name.Content);

    public override void WriteRepr(TextOutput output)
    {
        output.Append('[');
        WriteItems(output);
        output.Append(']');
    }
}
