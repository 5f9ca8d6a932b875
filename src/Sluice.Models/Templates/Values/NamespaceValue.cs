using System.Runtime.CompilerServices;

namespace Sluice.Models.Templates.Values;

/// <summary>What namespace() gives: the one value whose attributes a template may set. Lives and dies in one rendering.</summary>
internal sealed class NamespaceValue(OrderedDictionary<Value, Value> attributes) : Value
{
    public override string TypeName => "Namespace";

    public override Value? Attribute(StringValue name) => attributes.GetValueOrDefault(name);

    public void Set(StringValue name, Value value) => attributes[name] = value;

    public override void WriteRepr(TextOutput output)
    {
        // A namespace can hold itself, the only cycle there is.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        output.Append("<Namespace {");
        bool first = true;
        foreach ((Value name, Value value) in attributes)
        {
            if (!first)
                output.Append(", ");
            first = false;
            name.WriteRepr(output);
            output.Append(": ");
            value.WriteRepr(output);
        }
        output.Append("}>");
    }
}
