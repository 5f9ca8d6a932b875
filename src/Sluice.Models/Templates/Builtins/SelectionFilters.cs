using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Filters that apply another filter or a test to each element, as the elements are read.</summary>
internal static class SelectionFilters
{
    public static readonly Builtin[] All =
    [
        new("map", "*", (rendering, input, arguments) => new GeneratorValue(Map(rendering, input, arguments))),
        Choosing("select", byAttribute: false, keep: true),
        Choosing("reject", byAttribute: false, keep: false),
        Choosing("selectattr", byAttribute: true, keep: true),
        Choosing("rejectattr", byAttribute: true, keep: false),
    ];

    private static Builtin Choosing(string name, bool byAttribute, bool keep) =>
        new(name, "*", (rendering, input, arguments) => new GeneratorValue(Choose(rendering, input, arguments, byAttribute, keep)));

    private static IEnumerable<Value> Map(Rendering rendering, Value input, Arguments arguments)
    {
        if (!input.IsTrue)
            yield break;
        Func<Value, Value> map = arguments.Positional.Length > 0 ? ByFilter(rendering, arguments) : ByAttribute(rendering, arguments);
        foreach (Value item in Sequence.Elements(input, rendering))
            yield return map(item);
    }

    private static Func<Value, Value> ByFilter(Rendering rendering, Arguments arguments)
    {
        string name = arguments.RequiredText(0);
        Builtin filter = Filters.Find(name) ?? throw new TemplateFault($"no filter named '{name}'");
        Arguments rest = arguments.After(1);
        return item => filter.Apply(rendering, item, rest);
    }

    private static Func<Value, Value> ByAttribute(Rendering rendering, Arguments arguments)
    {
        Value? attribute = null, otherwise = null;
        foreach ((string keyword, Value value) in arguments.Keywords)
        {
            if (keyword == "attribute")
                attribute = value;
            else if (keyword == "default")
                otherwise = value;
            else
                throw new TemplateFault($"map got an unexpected keyword argument '{keyword}'");
        }
        if (attribute is null)
            throw new TemplateFault("map requires a filter argument");
        return AttributePath.Reader(attribute, rendering, otherwise);
    }

    private static IEnumerable<Value> Choose(Rendering rendering, Value input, Arguments arguments, bool byAttribute, bool keep)
    {
        if (!input.IsTrue)
            yield break;
        if (byAttribute && arguments.Positional.Length == 0)
            throw new TemplateFault("missing parameter for attribute name");
        Func<Value, Value> read = byAttribute ? AttributePath.Reader(arguments[0], rendering) : item => item;
        Predicate<Value> holds = ByTest(rendering, arguments.After(byAttribute ? 1 : 0));
        foreach (Value item in Sequence.Elements(input, rendering))
        {
            if (holds(read(item)) == keep)
                yield return item;
        }
    }

    /// <summary>The test that the arguments name; without one, plain truth.</summary>
    private static Predicate<Value> ByTest(Rendering rendering, Arguments arguments)
    {
        if (arguments.Positional.Length == 0)
            return value => value.IsTrue;
        string name = arguments.RequiredText(0);
        Builtin test = Tests.Find(name) ?? throw new TemplateFault($"no test named '{name}'");
        Arguments rest = arguments.After(1);
        return value => test.Apply(rendering, value, rest).IsTrue;
    }
}
