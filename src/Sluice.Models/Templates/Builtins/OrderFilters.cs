using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Filters that compare elements with each other.</summary>
internal static class OrderFilters
{
    private static readonly string[] GroupNames = ["grouper", "list"];

    public static readonly Builtin[] All =
    [
        new("sort", "reverse? case_sensitive? attribute?", Sort),
        new("dictsort", "case_sensitive? by? reverse?", SortDict),
        new("unique", "case_sensitive? attribute?", (rendering, input, arguments) =>
            new GeneratorValue(Unique(rendering, input, arguments))),
        new("min", "case_sensitive? attribute?", (rendering, input, arguments) => Extreme(rendering, input, arguments, "<")),
        new("max", "case_sensitive? attribute?", (rendering, input, arguments) => Extreme(rendering, input, arguments, ">")),
        new("groupby", "attribute default? case_sensitive?", Group),
    ];

    private static ListValue Sort(Rendering rendering, Value input, Arguments arguments)
    {
        bool caseSensitive = arguments.Flag(1);
        Value?[] attributes = arguments[2] is StringValue paths
            ? [.. paths.Content.Split(',').Select(path => new StringValue(path))]
            : [arguments[2]];
        Func<Value, Value>[] keys = [.. attributes.Select(attribute => AttributePath.KeyReader(attribute, caseSensitive, rendering))];
        return new ListValue(StableSort.By(
            Sequence.Items(input, rendering),
            item => Array.ConvertAll(keys, key => key(item)),
            (left, right) => OrderKeys(left, right, rendering),
            arguments.Flag(0)));
    }

    private static int? OrderKeys(Value[] left, Value[] right, Rendering rendering)
    {
        rendering.Meter.Step(1 + left.Zip(right, (a, b) => Math.Min(a.Weight, b.Weight)).Sum());
        return Comparison.Order(left, right, "<", rendering);
    }

    private static ListValue SortDict(Rendering rendering, Value input, Arguments arguments)
    {
        if (input is UndefinedValue undefined)
            throw undefined.Fault();
        if (input is not DictValue dict)
            throw new TemplateFault($"dictsort needs a mapping, not '{input.TypeName}'");
        bool byValue = (arguments.Text(1) ?? "key") switch
        {
            "key" => false,
            "value" => true,
            _ => throw new TemplateFault("dictsort can only sort by either \"key\" or \"value\""),
        };
        rendering.Meter.AllocateElements(dict.Entries.Count * 8L);
        Func<Value, Value> key = AttributePath.KeyReader(IntegerValue.Of(byValue ? 1 : 0), arguments.Flag(0), rendering);
        return new ListValue(StableSort.By(
            dict.Pairs, key, (left, right) => Comparison.Order(left, right, "<", rendering), arguments.Flag(2)));
    }

    private static IEnumerable<Value> Unique(Rendering rendering, Value input, Arguments arguments)
    {
        Func<Value, Value> key = AttributePath.KeyReader(arguments[1], arguments.Flag(0), rendering);
        var seen = new HashSet<Value>();
        foreach (Value item in Sequence.Elements(input, rendering))
        {
            Value identity = key(item);
            DictValue.RequireHashable(identity);
            rendering.Meter.Step(identity.Weight);
            if (seen.Add(identity))
                yield return item;
        }
    }

    private static Value Extreme(Rendering rendering, Value input, Arguments arguments, string @operator)
    {
        Func<Value, Value> key = AttributePath.KeyReader(arguments[1], arguments.Flag(0), rendering);
        Value? best = null, bestKey = null;
        foreach (Value item in Sequence.Elements(input, rendering))
        {
            Value itemKey = key(item);
            if (bestKey is not null && !Beats(Comparison.Order(itemKey, bestKey, @operator, rendering), @operator))
                continue;
            (best, bestKey) = (item, itemKey);
        }
        return best ?? UndefinedValue.Because("no aggregated item, sequence was empty");
    }

    private static bool Beats(int? order, string @operator) => @operator == "<" ? order < 0 : order > 0;

    private static ListValue Group(Rendering rendering, Value input, Arguments arguments)
    {
        Func<Value, Value> key = AttributePath.KeyReader(arguments[0], arguments.Flag(2), rendering, arguments[1]);
        // Groups are named as their first element spells the key.
        Func<Value, Value> name = AttributePath.Reader(arguments[0], rendering, arguments[1]);
        Value[] sorted = StableSort.By(
            Sequence.Items(input, rendering), key, (left, right) => Comparison.Order(left, right, "<", rendering), descending: false);
        var groups = new List<Value>();
        for (int start = 0; start < sorted.Length;)
        {
            Value groupKey = key(sorted[start]);
            int end = start + 1;
            while (end < sorted.Length && Comparison.AreEqual(key(sorted[end]), groupKey, rendering))
                end++;
            groups.Add(new TupleValue([name(sorted[start]), new ListValue(sorted[start..end])], GroupNames));
            start = end;
        }
        return new ListValue([.. groups]);
    }
}
