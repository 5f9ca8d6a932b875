using Sluice.Models.Templates.Builtins;

namespace Sluice.Models.Templates.Values;

/// <summary>A dict, in the order of insertion.</summary>
internal sealed class DictValue : Value
{
    public DictValue(OrderedDictionary<Value, Value> entries)
    {
        Entries = entries;
        (int keys, int keyDepth) = ArrayValue.Measure(entries.Keys);
        (int values, int valueDepth) = ArrayValue.Measure(entries.Values);
        (Weight, Depth) = (keys + values, Math.Max(keyDepth, valueDepth));
    }

    /// <summary>Never written after construction.</summary>
    public OrderedDictionary<Value, Value> Entries { get; }

    public override string TypeName => "dict";

    public override bool IsTrue => Entries.Count > 0;

    public override bool IsHashable => false;

    public override int Weight { get; }

    public override int Depth { get; }

    public override int? Length => Entries.Count;

    public override IEnumerable<Value> Elements => Entries.Keys;

    public IEnumerable<Value> Pairs => Entries.Select(Value (entry) => new TupleValue([entry.Key, entry.Value]));

    /// <summary>This dict with one value replaced or added.</summary>
    public DictValue With(Value key, Value value) => new(new OrderedDictionary<Value, Value>(Entries) { [key] = value });

    public static void RequireHashable(Value key)
    {
        if (!key.IsHashable)
            throw new TemplateFault($"unhashable type: '{key.TypeName}'");
    }

    public override Value? Attribute(StringValue name) => DictMethods.Table.Find(this, name.Content);

    public override Value? Item(Value key) => key.IsHashable && Entries.TryGetValue(key, out Value? value) ? value : null;

    public override bool Contains(Value item, Rendering rendering)
    {
        RequireHashable(item);
        rendering.Meter.Step(item.Weight);
        return Entries.ContainsKey(item);
    }

    public override Value Slice(SliceBounds bounds, Rendering rendering) => throw new TemplateFault("unhashable type: 'slice'");

    public override bool Equals(Value? other) =>
        ReferenceEquals(this, other) || (other is DictValue dict && dict.Entries.Count == Entries.Count && Entries.All(dict.Has));

    public override int GetHashCode() => Entries.Count;

    public override void WriteRepr(TextOutput output)
    {
        output.Append('{');
        bool first = true;
        foreach ((Value key, Value value) in Entries)
        {
            if (!first)
                output.Append(", ");
            first = false;
            key.WriteRepr(output);
            output.Append(": ");
            value.WriteRepr(output);
        }
        output.Append('}');
    }

    private bool Has(KeyValuePair<Value, Value> entry) => Entries.TryGetValue(entry.Key, out Value? value) && value.Equals(entry.Value);
}
