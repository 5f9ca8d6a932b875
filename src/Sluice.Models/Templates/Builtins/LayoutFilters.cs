using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Filters that lay text out, and JSON.</summary>
internal static class LayoutFilters
{
    public static readonly Builtin[] All =
    [
        JsonFilter.Instance,
        new("indent", "width? first? blank?", Indent),
        new("center", "width?", (rendering, input, arguments) =>
            new StringValue(Padding.Pad(input.Text(rendering), arguments.Integer(0, 80), " ", Alignment.Center, rendering))),
        new("truncate", "length? killwords? end? leeway?", Truncate),
    ];

    private static StringValue Indent(Rendering rendering, Value input, Arguments arguments)
    {
        if (input is UndefinedValue undefined)
            throw undefined.Fault();
        if (input is not StringValue text)
            throw new TemplateFault($"indent needs text, not '{input.TypeName}'");
        string indent = arguments[0] is StringValue given ? given.Content : new string(' ', Math.Clamp(arguments.Integer(0, 4), 0, 1024));
        rendering.Meter.AllocateText(text.Content.Length);
        bool first = arguments.Flag(1), blank = arguments.Flag(2);
        List<string> lines = Splitting.Lines(text.Content + "\n");
        int start = rendering.Output.Length;
        for (int i = 0; i < lines.Count; i++)
        {
            if (i > 0)
                rendering.Output.Append('\n');
            if (i == 0 ? first : blank || lines[i].Length > 0)
                rendering.Output.Append(indent);
            rendering.Output.Append(lines[i]);
        }
        return text.With(rendering.Output.Cut(start));
    }

    private static Value Truncate(Rendering rendering, Value input, Arguments arguments)
    {
        if (input.Length is not { } count)
            throw new TemplateFault($"truncate needs text, not '{input.TypeName}'");
        int length = arguments.Integer(0, 255), leeway = arguments.Integer(3, 5);
        string end = arguments.Text(2) ?? "...";
        int endLength = CodePoints.Count(end);
        if (length < endLength || leeway < 0)
            throw new TemplateFault($"truncate needs a length of at least {endLength} and a leeway of at least 0");
        if (count <= (long)length + leeway)
            return input;
        if (input is not StringValue text)
            throw new TemplateFault($"truncate needs text, not '{input.TypeName}'");
        rendering.Meter.AllocateText(length);
        string kept = CodePoints.Slice(text.Content, count, new SliceBounds(null, length - endLength, null));
        if (!arguments.Flag(1))
            kept = Splitting.OnFromEnd(kept, " ", 1)[0];
        return new StringValue(kept + end);
    }
}
