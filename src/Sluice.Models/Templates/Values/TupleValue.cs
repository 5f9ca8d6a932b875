using Sluice.Models.Templates.Builtins;

namespace Sluice.Models.Templates.Values;

/// <param name="items">Never written afterwards.</param>
/// <param name="names">Names of the items where the tuple is one of groupby's pairs.</param>
internal sealed class TupleValue(Value[] items, string[]? names = null) : ArrayValue(items)
{
    public override string TypeName => "tuple";

    public override string Kind => TypeName;

    public override bool IsHashable => Array.TrueForAll(Items, item => item.IsHashable);

    public override ArrayValue Like(Value[] items) => new TupleValue(items);

    public override Value? Attribute(StringValue name)
    {
        int named = names is null ? -1 : Array.IndexOf(names, name.Content);
        return named >= 0 ? Items[named] : SequenceMethods.Tuple.Find(this, name.Content);
    }

    public override void WriteRepr(TextOutput output)
    {
        output.Append('(');
        WriteItems(output);
        output.Append(Items.Length == 1 ? ",)" : ")");
    }
}
