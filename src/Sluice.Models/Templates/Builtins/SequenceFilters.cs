using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Filters over sequences, mappings and missing values.</summary>
internal static class SequenceFilters
{
    public static readonly Builtin[] All =
    [
        new("default", "default_value? boolean?", Default),
        new("d", "default_value? boolean?", Default),
        new("length", "", Length),
        new("count", "", Length),
        new("list", "", (rendering, input, _) => new ListValue(Sequence.Items(input, rendering))),
        new("items", "", (rendering, input, _) => new GeneratorValue(Items(input, rendering))),
        new("first", "", (rendering, input, _) => Sequence.Elements(input, rendering).FirstOrDefault()
            ?? UndefinedValue.Because("no first item, sequence was empty")),
        new("last", "", (rendering, input, _) => Last(input, rendering)),
        new("reverse", "", Reverse),
        new("sum", "attribute? start?", Sum),
        new("batch", "linecount fill_with?", (rendering, input, arguments) => new GeneratorValue(Batch(rendering, input, arguments))),
        new("slice", "slices fill_with?", (rendering, input, arguments) => new GeneratorValue(Slice(rendering, input, arguments))),
        new("attr", "name", (_, input, arguments) => input.Attribute(new StringValue(arguments.RequiredText(0)))
            ?? UndefinedValue.Missing(input, arguments[0]!)),
    ];

    private static Value Default(Rendering rendering, Value input, Arguments arguments) =>
        input is UndefinedValue || (arguments.Flag(1) && !input.IsTrue) ? arguments[0] ?? StringValue.Empty : input;

    private static IntegerValue Length(Rendering rendering, Value input, Arguments arguments) =>
        IntegerValue.Of(input.Length ?? throw new TemplateFault($"object of type '{input.TypeName}' has no len()"));

    private static IEnumerable<Value> Items(Value input, Rendering rendering)
    {
        if (input is UndefinedValue)
            yield break;
        if (input is not DictValue dict)
            throw new TemplateFault("can only get item pairs from a mapping");
        foreach (Value pair in dict.Pairs)
        {
            rendering.Meter.AllocateElements(3);
            yield return pair;
        }
    }

    /// <summary>Whether Python's reversed() takes it.</summary>
    private static bool IsReversible(Value value) =>
        value is StringValue or ArrayValue or DictValue or DictViewValue or RangeValue or UndefinedValue;

    private static Value Last(Value input, Rendering rendering)
    {
        if (!IsReversible(input))
            throw new TemplateFault($"'{input.TypeName}' object is not reversible");
        Value[] items = Sequence.Items(input, rendering);
        return items.Length > 0 ? items[^1] : UndefinedValue.Because("no last item, sequence was empty");
    }

    private static Value Reverse(Rendering rendering, Value input, Arguments arguments)
    {
        if (input is StringValue)
            return input.Slice(new SliceBounds(null, null, -1), rendering);
        Value[] items = Sequence.Items(input, rendering);
        rendering.Meter.AllocateElements(items.Length);
        Value[] reversed = [.. items.Reverse()];
        return IsReversible(input) ? new GeneratorValue(reversed) : new ListValue(reversed);
    }

    private static Value Sum(Rendering rendering, Value input, Arguments arguments)
    {
        Value total = arguments[1] ?? IntegerValue.Of(0);
        if (total is StringValue)
            throw new TemplateFault("sum() can't sum strings: use join");
        Func<Value, Value> key = AttributePath.Reader(arguments[0], rendering);
        foreach (Value item in Sequence.Elements(input, rendering))
            total = Arithmetic.Add(total, key(item), rendering);
        return total;
    }

    private static IEnumerable<Value> Batch(Rendering rendering, Value input, Arguments arguments)
    {
        int size = arguments.Integer(0);
        var batch = new List<Value>();
        foreach (Value item in Sequence.Elements(input, rendering))
        {
            if (batch.Count == size)
            {
                yield return new ListValue([.. batch]);
                batch.Clear();
            }
            batch.Add(item);
        }
        if (batch.Count == 0)
            yield break;
        if (arguments[1] is { } fill and not NoneValue && batch.Count < size)
        {
            rendering.Meter.AllocateElements(size);
            batch.AddRange(Enumerable.Repeat(fill, size - batch.Count));
        }
        yield return new ListValue([.. batch]);
    }

    private static IEnumerable<Value> Slice(Rendering rendering, Value input, Arguments arguments)
    {
        Value[] items = Sequence.Items(input, rendering);
        int slices = arguments.Integer(0);
        if (slices == 0)
            throw new TemplateFault("integer division or modulo by zero");
        int size = items.Length / slices, longer = items.Length % slices, start = 0;
        for (int i = 0; i < slices; i++)
        {
            rendering.Meter.AllocateElements(1);
            int count = i < longer ? size + 1 : size;
            var slice = new List<Value>(items.Skip(start).Take(count));
            start += count;
            if (arguments[1] is { } fill and not NoneValue && i >= longer)
                slice.Add(fill);
            yield return new ListValue([.. slice]);
        }
    }
}
