namespace Sluice.Models.Templates.Values;

/// <summary>What list and tuple share.</summary>
internal abstract class ArrayValue : Value
{
    private const int MaxDepth = 200;
    private const int MaxWeight = 1 << 24;

    protected ArrayValue(Value[] items)
    {
        Items = items;
        (Weight, Depth) = Measure(items);
    }

    /// <summary>Never written after construction.</summary>
    public Value[] Items { get; }

    public sealed override int Weight { get; }

    public sealed override int Depth { get; }

    public sealed override bool IsTrue => Items.Length > 0;

    public sealed override int? Length => Items.Length;

    public sealed override IEnumerable<Value> Elements => Items;

    /// <summary>Weight and depth of a container of these values; fails where it would be too large to walk.</summary>
    public static (int Weight, int Depth) Measure(IEnumerable<Value> items)
    {
        long weight = 1;
        int depth = 0;
        foreach (Value item in items)
        {
            weight += item.Weight;
            depth = Math.Max(depth, item.Depth);
        }
        if (depth >= MaxDepth)
            throw new TemplateFault($"lists and dicts nest more than {MaxDepth} deep");
        if (weight > MaxWeight)
            throw new TemplateFault($"a list or dict holds more than {MaxWeight} elements");
        return ((int)weight, depth + 1);
    }

    public sealed override Value? Item(Value key) =>
        Numbers.TryInteger(key, out var index) && SliceBounds.TryIndex(index, Items.Length, out int at) ? Items[at] : null;

    public sealed override Value Slice(SliceBounds bounds, Rendering rendering)
    {
        (int start, int step, int count) = bounds.Over(Items.Length);
        rendering.Meter.AllocateElements(count);
        var selected = new Value[count];
        for (int i = 0; i < count; i++)
            selected[i] = Items[start + i * step];
        return Like(selected);
    }

    /// <summary>A value of the same type with other items.</summary>
    public abstract ArrayValue Like(Value[] items);

    public sealed override bool Equals(Value? other) =>
        ReferenceEquals(this, other) || (other is ArrayValue array && Kind == array.Kind && Items.AsSpan().SequenceEqual(array.Items));

    public sealed override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (Value item in Items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>Values of one kind can be equal and can be joined with +.</summary>
    public abstract string Kind { get; }

    protected void WriteItems(TextOutput output)
    {
        for (int i = 0; i < Items.Length; i++)
        {
            if (i > 0)
                output.Append(", ");
            Items[i].WriteRepr(output);
        }
    }
}
