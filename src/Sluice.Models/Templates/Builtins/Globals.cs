using System.Collections.Frozen;
using System.Numerics;
using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>The functions that every template can call; a variable of the same name hides one.</summary>
internal static class Globals
{
    private static readonly Builtin[] All =
    [
        new("range", "start stop? step? /", (_, _, arguments) => Range(arguments)),
        new("dict", "*", (rendering, _, arguments) => new DictValue(Entries(rendering, arguments))),
        new("namespace", "*", (rendering, _, arguments) => new NamespaceValue(Entries(rendering, arguments))),
        new("cycler", "*", (_, _, arguments) => Cycler(arguments)),
        new("joiner", "sep?", (_, _, arguments) => Joiner(arguments[0] ?? new StringValue(", "))),
        new("raise_exception", "message", (rendering, _, arguments) =>
            throw new TemplateFault(arguments[0]!.Text(rendering), raisedByTemplate: true)),
        new("strftime_now", "format", (rendering, _, arguments) =>
            new StringValue(ClockFormat.Apply(arguments.RequiredText(0), rendering.Clock.GetLocalNow(), rendering))),
    ];

    private static readonly FrozenDictionary<string, FunctionValue> Table = All.ToFrozenDictionary(
        global => global.Name,
        global => new FunctionValue(global.Name, (rendering, arguments) => global.Apply(rendering, NoneValue.Instance, arguments)));

    public static Value? Find(string name) => Table.GetValueOrDefault(name);

    private static RangeValue Range(Arguments arguments)
    {
        BigInteger first = Integer(arguments[0]!);
        BigInteger step = arguments[2] is { } given ? Integer(given) : BigInteger.One;
        return arguments[1] is { } stop ? new RangeValue(first, Integer(stop), step) : new RangeValue(0, first, step);
    }

    private static BigInteger Integer(Value value) => value switch
    {
        UndefinedValue undefined => throw undefined.Fault(),
        _ when Numbers.TryInteger(value, out BigInteger number) => number,
        _ => throw new TemplateFault($"'{value.TypeName}' object cannot be interpreted as an integer"),
    };

    /// <summary>Python's dict(…): a mapping or pairs, then keywords.</summary>
    private static OrderedDictionary<Value, Value> Entries(Rendering rendering, Arguments arguments)
    {
        if (arguments.Positional.Length > 1)
            throw new TemplateFault($"dict expected at most 1 argument, got {arguments.Positional.Length}");
        var entries = new OrderedDictionary<Value, Value>();
        if (arguments[0] is DictValue dict)
        {
            rendering.Meter.AllocateElements(dict.Entries.Count * 6L);
            foreach ((Value key, Value value) in dict.Entries)
                entries[key] = value;
        }
        else if (arguments[0] is { } pairs)
        {
            foreach (Value pair in Sequence.Elements(pairs, rendering))
            {
                if (Sequence.Items(pair, rendering) is not [var key, var value])
                    throw new TemplateFault("dict needs pairs of key and value");
                DictValue.RequireHashable(key);
                entries[key] = value;
            }
        }
        foreach ((string name, Value value) in arguments.Keywords)
            entries[new StringValue(name)] = value;
        return entries;
    }

    private static CyclerValue Cycler(Arguments arguments)
    {
        if (arguments.Positional.Length == 0 || arguments.Keywords.Length > 0)
            throw new TemplateFault("cycler needs at least one item");
        return new CyclerValue([.. arguments.Positional.Select(item => item!)]);
    }

    private static FunctionValue Joiner(Value separator)
    {
        bool used = false;
        return new FunctionValue("joiner", (_, _) =>
        {
            Value text = used ? separator : StringValue.Empty;
            used = true;
            return text;
        });
    }
}
