namespace Sluice.Models.Templates.Values;

/// <summary>Reads any iterable.</summary>
internal static class Sequence
{
    /// <summary>The elements, counted against the limits as they come.</summary>
    public static IEnumerable<Value> Elements(Value value, Rendering rendering) =>
        Counted(value.Elements ?? throw new TemplateFault($"'{value.TypeName}' object is not iterable"), rendering);

    /// <summary>All elements at once; not to be written to.</summary>
    public static Value[] Items(Value value, Rendering rendering)
    {
        if (value is not ArrayValue array)
            return [.. Elements(value, rendering)];
        rendering.Meter.Step(array.Items.Length);
        return array.Items;
    }

    private static IEnumerable<Value> Counted(IEnumerable<Value> elements, Rendering rendering)
    {
        foreach (Value element in elements)
        {
            rendering.Meter.AllocateElements(1);
            yield return element;
        }
    }
}
