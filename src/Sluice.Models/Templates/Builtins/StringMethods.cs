using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Methods of str that give text or parts of it; the result is as safe for HTML as the text itself.</summary>
internal static class StringMethods
{
    public static readonly MethodTable Table = new(
        "str",
        [
            .. StringQueries.All,
            Mapping("upper", CaseMapping.Upper),
            Mapping("lower", CaseMapping.Lower),
            Mapping("title", CaseMapping.Title),
            Mapping("capitalize", CaseMapping.Capitalize),
            Mapping("swapcase", CaseMapping.SwapCase),
            Mapping("casefold", CaseMapping.Fold),
            Method("strip", "chars? /", (_, text, arguments) => Stripping.Strip(text, arguments.Text(0), start: true, end: true)),
            Method("lstrip", "chars? /", (_, text, arguments) => Stripping.Strip(text, arguments.Text(0), start: true, end: false)),
            Method("rstrip", "chars? /", (_, text, arguments) => Stripping.Strip(text, arguments.Text(0), start: false, end: true)),
            Method("removeprefix", "prefix /", (_, text, arguments) =>
                text.StartsWith(arguments.RequiredText(0), StringComparison.Ordinal) ? text[arguments.RequiredText(0).Length..] : text),
            Method("removesuffix", "suffix /", (_, text, arguments) =>
                text.EndsWith(arguments.RequiredText(0), StringComparison.Ordinal) ? text[..^arguments.RequiredText(0).Length] : text),
            Method("replace", "old new count? /", (rendering, text, arguments) =>
                Replacing.Replace(text, arguments.RequiredText(0), arguments.RequiredText(1), arguments.Integer(2, -1), rendering)),
            Method("center", "width fillchar? /", (rendering, text, arguments) => Pad(rendering, text, arguments, Alignment.Center)),
            Method("ljust", "width fillchar? /", (rendering, text, arguments) => Pad(rendering, text, arguments, Alignment.Left)),
            Method("rjust", "width fillchar? /", (rendering, text, arguments) => Pad(rendering, text, arguments, Alignment.Right)),
            Method("zfill", "width /", (rendering, text, arguments) => Padding.ZeroFill(text, arguments.Integer(0), rendering)),
            Method("expandtabs", "tabsize?", (rendering, text, arguments) => Padding.ExpandTabs(text, arguments.Integer(0, 8), rendering)),
            Method("join", "iterable /", (rendering, text, arguments) => Join(rendering, text, arguments[0]!)),
            Method("format", "*", (rendering, text, arguments) => BraceFormat.Apply(text, arguments, rendering)),
            Method("format_map", "mapping /", (rendering, text, arguments) =>
                BraceFormat.Apply(text, new Arguments([], Keywords(arguments[0]!)), rendering)),
            Parts("split", "sep? maxsplit?", Split),
            Parts("rsplit", "sep? maxsplit?", SplitFromEnd),
            Parts("splitlines", "keepends?", (text, arguments) => Splitting.Lines(text, arguments.Flag(0))),
            new("partition", "sep /", (rendering, self, arguments) => Partition(rendering, self, arguments, fromEnd: false)),
            new("rpartition", "sep /", (rendering, self, arguments) => Partition(rendering, self, arguments, fromEnd: true)),
        ]);

    private static Builtin Mapping(string name, Func<string, string> map) => Method(name, "", (_, text, _) => map(text));

    private static Builtin Method(string name, string parameters, Func<Rendering, string, Arguments, string> body) =>
        new(name, parameters, (rendering, self, arguments) =>
        {
            var text = (StringValue)self;
            // Case mappings can double a text; nothing here grows it more without asking the meter itself.
            rendering.Meter.AllocateText(text.Content.Length);
            return text.With(body(rendering, text.Content, arguments));
        });

    private static Builtin Parts(string name, string parameters, Func<string, Arguments, List<string>> body) =>
        new(name, parameters, (rendering, self, arguments) =>
        {
            var text = (StringValue)self;
            rendering.Meter.AllocateText(text.Content.Length);
            List<string> parts = body(text.Content, arguments);
            rendering.Meter.AllocateElements(parts.Count * 6L);
            return new ListValue([.. parts.Select(part => text.With(part))]);
        });

    private static List<string> Split(string text, Arguments arguments) => arguments.Text(0) is { } separator
        ? Splitting.On(text, separator, Max(arguments))
        : Splitting.OnWhitespace(text, Max(arguments));

    private static List<string> SplitFromEnd(string text, Arguments arguments) => arguments.Text(0) is { } separator
        ? Splitting.OnFromEnd(text, separator, Max(arguments))
        : Splitting.OnWhitespaceFromEnd(text, Max(arguments));

    private static int Max(Arguments arguments) => arguments.Integer(1, -1) is >= 0 and var max ? max : int.MaxValue;

    private static TupleValue Partition(Rendering rendering, Value self, Arguments arguments, bool fromEnd)
    {
        var text = (StringValue)self;
        rendering.Meter.AllocateText(text.Content.Length);
        string[] parts = Splitting.Partition(text.Content, arguments.RequiredText(0), fromEnd);
        return new TupleValue([.. parts.Select(part => text.With(part))]);
    }

    private static string Pad(Rendering rendering, string text, Arguments arguments, Alignment alignment)
    {
        string fill = arguments.Text(1) ?? " ";
        if (CodePoints.Count(fill) != 1)
            throw new TemplateFault("the fill character must be exactly one character long");
        return Padding.Pad(text, arguments.Integer(0), fill, alignment, rendering);
    }

    private static string Join(Rendering rendering, string separator, Value items)
    {
        int start = rendering.Output.Length;
        int index = 0;
        foreach (Value item in Sequence.Items(items, rendering))
        {
            if (item is not StringValue text)
                throw new TemplateFault($"sequence item {index}: expected str instance, {item.TypeName} found");
            if (index++ > 0)
                rendering.Output.Append(separator);
            rendering.Output.Append(text.Content);
        }
        return rendering.Output.Cut(start);
    }

    private static KeyValuePair<string, Value>[] Keywords(Value mapping) => mapping is DictValue dict
        ? [.. dict.Entries.Where(entry => entry.Key is StringValue)
            .Select(entry => new KeyValuePair<string, Value>(((StringValue)entry.Key).Content, entry.Value))]
        : throw new TemplateFault($"format_map() needs a dict, not '{mapping.TypeName}'");
}
