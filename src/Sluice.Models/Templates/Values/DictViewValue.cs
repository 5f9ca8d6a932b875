namespace Sluice.Models.Templates.Values;

/// <summary>What dict.keys(), dict.values() and dict.items() give.</summary>
internal sealed class DictViewValue(string typeName, DictValue dict, IEnumerable<Value> elements) : Value
{
    public override string TypeName => typeName;

    public override bool IsTrue => dict.IsTrue;

    public override int Weight => dict.Weight;

    public override int? Length => dict.Length;

    public override IEnumerable<Value> Elements => elements;

    public override void WriteRepr(TextOutput output)
    {
        output.Append(typeName);
        output.Append("([");
        bool first = true;
        foreach (Value element in elements)
        {
            if (!first)
                output.Append(", ");
            first = false;
            element.WriteRepr(output);
        }
        output.Append("])");
    }
}
